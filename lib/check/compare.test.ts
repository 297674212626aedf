// Comparing: what is right, what is named, and that nothing a learner can send breaks it.
import { expect, test } from "vitest";
import { agree, compare } from "./compare.js";
import type { Plain } from "./plain.js";
import { digitsApart, show } from "./show.js";

const expected = { shape: [2, 3], values: [1, 2, 3, 4, 5, 6] };
const output = (value: Plain) => ({ value });

test("compare() accepts what is within the bound, in the number's own unit", () => {
  expect(compare(output(1000.05), 1000, { within: 0.1 })).toBeUndefined();
  expect(compare(output(1000.2), 1000, { within: 0.1 })?.mistake).toBe("imprecise");
  expect(compare(output(0), 0, { within: 0 })).toBeUndefined();
});

test("compare() accepts what float32 leaves unless said otherwise, and never a count for the next one", () => {
  expect(compare(output(Math.fround(0.1)), 0.1)).toBeUndefined();
  expect(compare(output(1e6 * Math.fround(0.1)), 1e5 + 1e-9)).toBeUndefined();
  expect(compare(output(0.10001), 0.1)?.mistake).toBe("imprecise");
  expect(compare(output(3e7 + 1), 3e7)?.mistake).toBe("imprecise");
});

test("compare() calls precision precision, and takes it for no named mistake that gives nearly what is right", () => {
  const near = { mistake: "forgets-epsilon", message: "epsilon is missing", gives: () => 1.0000003 };
  const finding = compare(output(1.0000006), 1, { within: 4e-7, slips: [near] });
  expect(finding?.mistake).toBe("imprecise");
  expect(finding?.message).toContain("float32");
  expect(compare(output(1.1), 1)?.mistake).toBe("wrong-values");
});

test("compare() shows as many digits as tell what came from what was expected", () => {
  const { detail } = compare(output([[0.5], [1.4240004]]), [[0.5], [1.424]], { within: 1e-9 })!;
  expect(detail).toEqual({ got: "[[0.5], [1.4240004]]", expected: "[[0.5], [1.424]]" });
});

test("compare() looks at one part of the output, and takes one that lacks it for nothing", () => {
  const options = { part: "dx" };
  expect(compare(output({ dx: [1], dw: [7] }), [1], options)).toBeUndefined();
  expect(compare(output({ dw: [7] }), [1], options)?.message).toBe(
    "dx should be a list; the answer gives nothing",
  );
  expect(compare(output(null), [1], options)?.mistake).toBe("wrong-kind");
});

test("compare() names an answer that changed its input", () => {
  const error = { name: "ChangedInput", message: "the answer changes the lists" };
  expect(compare({ error }, 1)).toEqual({
    mistake: "changes-its-input",
    message: "the answer changes the lists",
  });
});

test("agree() takes infinities and NaN for equal to themselves only", () => {
  const odd = [NaN, Infinity, -Infinity, 0, 5, 1e308];
  for (const a of odd)
    for (const b of odd) expect([a, b, agree(a, b, 1e-4)]).toEqual([a, b, Object.is(a, b)]);
});

test("compare() says where two tensors differ first, and how often", () => {
  const finding = compare(output({ shape: [2, 3], values: [1, 2, 3, 4, 7, 8] }), expected, {
    what: "the sum",
  });
  expect(finding).toEqual({
    mistake: "wrong-values",
    message: "wrong numbers in the sum",
    detail: {
      got: "[1, 2, 3, 4, 7, 8] of shape [2, 3]",
      expected: "[1, 2, 3, 4, 5, 6] of shape [2, 3]",
      where: "2 of 6 numbers differ, the first at [1, 1]: got 7, expected 5",
    },
  });
});

test("compare() names the first slip that gives the same, and only where it differs from what is right", () => {
  const slip = (mistake: string, gives: Plain) => ({
    mistake,
    message: `it is ${mistake}`,
    gives: () => gives,
  });
  const slips = [slip("doubled", 4), slip("also-doubled", 4), slip("halved", 1)];
  expect(compare(output(4), 2, { slips })).toMatchObject({ mistake: "doubled", message: "it is doubled" });
  expect(compare(output(1), 2, { slips })?.mistake).toBe("halved");
  expect(compare(output(2), 2, { slips: [slip("harmless", 2)] })).toBeUndefined();
});

test.each<[string, Plain]>([
  ["wrong-kind", null],
  ["wrong-kind", "1"],
  ["wrong-kind", [1, 2, 3, 4, 5, 6]],
  ["wrong-kind", { shape: [2, 3], values: [1] }],
  ["wrong-kind", { shape: [-1], values: [] }],
  ["wrong-kind", { shape: "23", values: 5 }],
  ["wrong-kind", { __proto__: null, shape: [1e9, 1e9], values: [1] }],
  ["wrong-shape", { shape: [3, 2], values: [1, 2, 3, 4, 5, 6] }],
  ["not-finite", { shape: [2, 3], values: [1, 2, Number.NaN, 4, 5, 6] }],
  ["wrong-values", { shape: [2, 3], values: [1, 2, 3, 4, 5, 60] }],
])("compare() calls it %s: %o", (mistake, value) => {
  expect(compare(output(value), expected)?.mistake).toBe(mistake);
});

test("compare() takes an error for an output and shortens it", () => {
  const finding = compare({ error: { name: "TypeError", message: "x".repeat(5000) } }, 1);
  expect(finding?.mistake).toBe("throws");
  expect(finding!.message.length).toBeLessThan(600);
});

test("agree() NaN equals NaN only, and an inherited key is none", () => {
  expect(agree(Number.NaN, Number.NaN, 1)).toBe(true);
  expect(agree(Number.NaN, 1, 1)).toBe(false);
  expect(agree(Number.POSITIVE_INFINITY, 1e300, 1)).toBe(false);
  expect(agree({ toString: 1 }, { constructor: 1 }, 0)).toBe(false);
  expect(agree([1, 2], { 0: 1, 1: 2 }, 0)).toBe(false);
});

test("show() cuts long lists, rounds, and names an object's parts", () => {
  expect(show({ x: { shape: [1, 2], values: [1, 2.00001] }, name: "a" })).toBe(
    'x = [1, 2] of shape [1, 2], name = "a"',
  );
  expect(show([1 / 3, 2])).toBe("[0.3333, 2]");
  expect(show(Array<number>(100).fill(1))).toBe("[1, 1, 1, 1, 1, 1, 1, 1, ... 100 in all]");
});

test("digitsApart() 0.1 and 0.2 need four, numbers a billionth apart as many as show it", () => {
  expect(digitsApart(0.1, 0.2)).toBe(4);
  expect(show(1.000000001, digitsApart(1.000000001, 1.000000002))).toBe("1.000000001");
  expect(digitsApart(1 / 3, 1 / 3)).toBe(17);
});
