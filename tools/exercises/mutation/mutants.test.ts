// Which small changes of an answer are made, and which are left out.
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { compileAnswer } from "../answers";
import { settle } from "./record";
import { mutantsOf } from "./mutants";

const changes = async (source: string): Promise<string[]> =>
  (await mutantsOf(source)).map(({ mutant }) => mutant);

test("mutantsOf() changes operators, numbers, calls and lists, and leaves types alone", async () => {
  const source =
    'function f(n: number): 1 | "a" {\n  if (n > 2) return g(n);\n  return chain([norm(n), relu(n)]);\n}';
  expect(await changes(source)).toEqual(
    expect.arrayContaining([
      "n > 2 -> n >= 2",
      "n > 2 -> true",
      "2 -> 3",
      "g(n) -> n",
      "[norm(n), relu(n)] -> [relu(n)]",
      "[norm(n), relu(n)] -> [norm(n)]",
    ]),
  );
  expect(await changes(source)).not.toContain("1 -> 2");
});

test("mutantsOf() leaves out what errors are made of, and calls that change only how a value is held", async () => {
  const source =
    'function f(n: number) {\n  if (n < 0) throw new RangeError("n is " + (n + 1));\n  return Math.fround(n);\n}';
  const made = await changes(source);
  expect(made).toContain("n < 0 -> n <= 0");
  expect(made.filter((change) => /^n \+ 1|^new RangeError|^Math\.fround\(n\) -> n$/.test(change))).toEqual(
    [],
  );
});

test("mutantsOf() gives whole texts that differ from the answer and from each other, each with its line", async () => {
  const source = "const a = 1;\nfunction f(n: number) {\n  return (n + a) * n;\n}";
  const made = await mutantsOf(source);
  expect(new Set([source, ...made.map(({ text }) => text)]).size).toBe(made.length + 1);
  const sum = made.find(({ mutant }) => mutant === "n + a -> n - a")!;
  expect(sum).toMatchObject({ line: "return (n + a) * n;" });
  expect(sum.text).toContain("return ((n - a)) * n;");
});

const survivor = { mutant: "a -> b", line: "return a;", seed: 11 };
const entry = { answer: "reference", mutant: "a -> b", line: "return a;", reason: "it is the same" };
const outcomes = (count: number) =>
  new Map([["reference", { mutants: 9, survivors: Array.from({ length: count }, () => survivor) }]]);

test("settle() asks for each survivor an entry of its own, and for each entry a survivor", () => {
  expect(settle("x", outcomes(1), [entry], { sampled: false })).toEqual({ problems: [], equivalent: 1 });
  expect(settle("x", outcomes(2), [entry], { sampled: false }).problems).toEqual([
    "x, reference: a -> b gets all points of learner 11, in the line return a;",
  ]);
  expect(settle("x", outcomes(1), [entry, entry], { sampled: false }).problems).toEqual([
    "solutions/x/equivalent-mutants.json lists what does not survive: reference: a -> b, in the line return a;",
  ]);
  expect(settle("x", outcomes(0), [entry], { sampled: true }).problems).toEqual([]);
});

test.each([
  "for (;;) n++;",
  "while (true) { n++; }",
  "do n++; while (true);",
  "for (const x of endless()) n += x;",
  "label: while (true) for (const x of [1]) continue label;",
  "again();",
])(
  "compileAnswer({ atEachTurn }) is told of each turn of a loop and each call, so %s can be ended",
  async (loop) => {
    let left = 1000;
    const atEachTurn = () => {
      if (left-- === 0) throw new Error("too many turns");
    };
    const source = `
    function* endless() { while (true) yield 1; }
    function again(): void { return again(); }
    export function count(n: number) { ${loop} return n; }`;
    const root = resolve(__dirname, "..", "..", "..");
    const { count } = await compileAnswer(root, "09-path-lengths", source, ["count"], { atEachTurn })();
    expect(count).toThrow("too many turns");
  },
);
