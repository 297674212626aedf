// Loops at a cell's top level: they mean what they mean in plain Node, are as fast as in a function, and lose nothing when they are interrupted.
import { tmpdir } from "node:os";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Notebook, written } from "./kernel-notebook";
import { endingInCells, endingsInNode, statements } from "./programs";
import { randomLoops } from "./random-loops";

const notebook = new Notebook(tmpdir());

beforeAll(async () => {
  await notebook.command("start");
});

afterAll(async () => {
  await notebook.command("stop");
});

describe("a random program about loops", () => {
  const seed = Number(process.env["PROGRAMS_SEED"] ?? Date.now() % 1e9);
  /** How many programs; `PROGRAMS=1000` runs more than CI does. */
  const count = Number(process.env["PROGRAMS"] ?? 24);
  const lot = 20;

  it(`does in cells what it does in plain Node (${String(count)} programs; PROGRAMS_SEED=${String(seed)})`, async () => {
    const lots = fc.array(randomLoops, { minLength: 1, maxLength: lot, size: "max" });
    await fc.assert(
      fc.asyncProperty(lots, async (codes) => {
        const inNode = endingsInNode(codes.map((code) => ({ name: "", code })));
        for (const [i, code] of codes.entries())
          for (const cells of [[code], statements(code)])
            expect(await endingInCells(notebook, cells), code).toEqual(inNode[i]);
      }),
      { seed, numRuns: Math.ceil(count / lot), endOnFailure: true },
    );
  });
});

/** Endless loops, which write into `log` how far they came. */
const endless = {
  "one that computes": "while (true) { step++; half += 0.5; last = `n${step}`; log[0] = step; }",
  "one that calls": "for (;;) { half += add(step++); last = `n${step}`; log[0] = step; }",
  "one after an await":
    "await null; do { step++; half += 0.5; last = `n${step}`; log[0] = step; } while (true);",
  "one that catches":
    "while (true) try { step++; half += 0.5; last = `n${step}`; log[0] = step; throw step; } catch {}",
  "one within others, which hides the name":
    "if (log) outer: for (;;) for (let i = 0; i < 5; i++) { let last = 1; step += last; { let half = i; log[0] = step; if (half > 3) continue outer; } }",
};

describe("an interrupt of a loop at top level", () => {
  it.each(Object.entries(endless))("leaves what the variables had: %s", async (kind, loop) => {
    await notebook.one(
      "const log = [0]; let step = 0, half = 0, last = ''; const add = (n: number): number => n === n ? 0.5 : 0;",
    );
    for (let round = 1; round <= 2; round++) {
      // What comes before the loop may take any time on a busy machine.
      const cell = `console.log("begun"); ${loop}`;
      const result = await notebook.one(cell, { interrupt_on: "begun", interrupt_after: 0.3, timeout: 20 });
      expect(result.reply).toMatchObject({ status: "error", ename: "KeyboardInterrupt" });
      const [s, h, l, logged] = JSON.parse(
        written(await notebook.one("console.log(JSON.stringify([step, half, last, log[0]]))"), "stdout"),
      ) as [number, number, string, number];
      expect(logged).toBeGreaterThan(round * 1000);
      expect(s - logged).toBeGreaterThanOrEqual(0);
      expect(s - logged).toBeLessThanOrEqual(1);
      if (kind.includes("hides")) continue;
      expect(s - h * 2).toBeLessThanOrEqual(1);
      expect(Math.abs(s - Number(l.slice(1)))).toBeLessThanOrEqual(1);
    }
  });
});
