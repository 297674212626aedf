// What the progress line says, and how often.
import { describe, expect, test } from "vitest";
import { describe as describeProgress, showProgress } from "./progress";

/** A screen that keeps what is written, and a clock that the test sets. */
function watched(isTTY: boolean) {
  const written: string[] = [];
  const clock = { ms: 0 };
  const screen = { isTTY, write: (text: string) => written.push(text) };
  return { written, clock, progress: showProgress(screen, () => clock.ms) };
}

describe("describe()", () => {
  test("describe() gives bytes, share, rate and time left", () => {
    expect(describeProgress(52_400_000, 170_052_171, 5_200_000)).toBe(
      "52.4 of 170.1 MB, 30 %, 5.2 MB/s, 23 s left",
    );
    expect(describeProgress(10_000_000, 170_000_000, 500_000)).toBe(
      "10.0 of 170.0 MB, 5 %, 0.5 MB/s, 5 min 20 s left",
    );
    expect(describeProgress(1000, 1000, 1e6)).toBe("0.0 of 0.0 MB, 100 %, 1.0 MB/s");
  });

  test.each([NaN, Infinity, 0])("describe() says nothing of a rate of %d", (rate) => {
    expect(describeProgress(0, 2_000_000, rate)).toBe("0.0 of 2.0 MB, 0 %");
  });
});

describe("showProgress()", () => {
  test("showProgress() on a terminal rewrites one line, and ends it before the next sentence", () => {
    const { written, clock, progress } = watched(true);
    progress.bytes("a", 1_000_000, 4_000_000);
    clock.ms = 50;
    progress.bytes("a", 1_500_000, 4_000_000);
    clock.ms = 1000;
    progress.bytes("a", 2_000_000, 4_000_000);
    progress.line("cut; trying again");
    expect(written).toEqual([
      "\ra  1.0 of 4.0 MB, 25 %\x1b[K",
      // One of the four million a second since this run began, at one million.
      "\ra  2.0 of 4.0 MB, 50 %, 1.0 MB/s, 2 s left\x1b[K",
      "\n",
      "cut; trying again\n",
    ]);
  });

  test("showProgress() elsewhere writes a line at each tenth", () => {
    const { written, clock, progress } = watched(false);
    for (let percent = 1; percent <= 100; percent++) {
      clock.ms = percent * 100;
      progress.bytes("a", percent * 10_000, 1_000_000);
    }
    expect(written).toHaveLength(11);
    expect(written.every((line) => line.endsWith("\n") && !line.includes("\r"))).toBe(true);
    expect(written.at(-1)).toContain("1.0 of 1.0 MB, 100 %");
  });
});
