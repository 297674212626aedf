// Comparing: what is right, what is named, and that nothing a learner can send breaks it.
import { expect, test } from "vitest";
import { agree, compare, show } from "./compare.js";
import type { Plain } from "./plain.js";

const expected = { shape: [2, 3], values: [1, 2, 3, 4, 5, 6] };
const output = (value: Plain) => ({ value });

test("compare() accepts what is within the tolerance, relative to the larger of 1 and the number", () => {
  expect(compare(output(1000.05), 1000, { tolerance: 1e-4 })).toBeUndefined();
  expect(compare(output(1000.2), 1000, { tolerance: 1e-4 })?.mistake).toBe("wrong-values");
  expect(compare(output(0.00005), 0, { tolerance: 1e-4 })).toBeUndefined();
  expect(compare(output({ shape: [2, 3], values: [1, 2, 3, 4, 5, 6.0001] }), expected)).toBeUndefined();
});

test("compare() says where two tensors differ first, and how often", () => {
  const finding = compare(output({ shape: [2, 3], values: [1, 2, 3, 4, 7, 8] }), expected, {
    what: "the sum",
  });
  expect(finding).toEqual({
    mistake: "wrong-values",
    message: "the sum is not right",
    detail:
      "got [1, 2, 3, 4, 7, 8] of shape [2, 3]; expected [1, 2, 3, 4, 5, 6] of shape [2, 3]; 2 of 6 numbers differ, the first at [1, 1]: got 7, expected 5",
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
