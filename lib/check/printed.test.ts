// A talkative answer is shown by its beginning and its end, and the console is as it was afterwards.
import { afterEach, expect, test, vi } from "vitest";
import { withBoundedPrints } from "./printed.js";
import { run } from "./examine.js";
import { compare } from "./compare.js";
import type { CaseProperty } from "./question.js";

afterEach(() => {
  vi.restoreAllMocks();
});

/** What stands on the console after `work`. */
async function printed(work: () => unknown): Promise<string[]> {
  const lines: string[] = [];
  for (const method of ["log", "error"] as const)
    vi.spyOn(console, method).mockImplementation((...parts) => void lines.push(parts.join(" ")));
  await withBoundedPrints(async () => {
    await work();
  }).catch(() => undefined);
  return lines;
}

const print = (count: number): void => {
  for (let i = 1; i <= count; i++) console.log(`line ${i}`);
};

test("withBoundedPrints() shows few lines as they are", async () => {
  expect(await printed(() => { print(25); })).toEqual(Array.from({ length: 25 }, (_, i) => `line ${i + 1}`)); // prettier-ignore
});

test("withBoundedPrints() shows the first lines and the last of many, and how many are left out", async () => {
  const lines = await printed(() => {
    print(20_000);
  });
  expect(lines).toHaveLength(26);
  expect(lines[19]).toBe("line 20");
  expect(lines[20]).toBe("… 19975 more lines, from all calls of the answer together, are left out …");
  expect(lines.slice(21)).toEqual([19996, 19997, 19998, 19999, 20000].map((i) => `line ${i}`));
});

test("withBoundedPrints() counts the lines within a text, and shortens a long one", async () => {
  const texts = await printed(() => {
    for (let i = 0; i < 100; i++) console.error("a\nb\n".repeat(50));
    console.log("x".repeat(1_000_000));
  });
  expect(texts.join("\n").length).toBeLessThan(10_000);
  expect(texts.join("\n")).toContain(`… ${95 * 101} more lines, from all calls`);
});

test("withBoundedPrints() gives the console back, also after an error, and shows what it held", async () => {
  const lines = await printed(() => {
    print(100);
    throw new Error("broken");
  });
  expect(lines.at(-1)).toBe("line 100");
  const before = console.log;
  await withBoundedPrints(() => Promise.resolve(1));
  expect(console.log).toBe(before);
});

test("run() of a talkative answer shows the verdict below a bounded output", async () => {
  const property: CaseProperty = {
    id: "one",
    title: "it gives 1",
    points: 1,
    cases: () => [1, 2],
    judge: (_, output) => compare(output, 1),
  };
  let passed = false;
  const lines = await printed(async () => {
    const said = await run([property], (names) => (names["one"] as () => number)(), { one: () => { print(10_000); return 1; } }); // prettier-ignore
    passed = said.passed;
  });
  expect(passed).toBe(true);
  expect(lines.join("\n").length).toBeLessThan(2000);
});
