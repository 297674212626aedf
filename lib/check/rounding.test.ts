// The bound of float32: no order of summation leaves it, and it is not much wider than what rounding does.
import fc from "fast-check";
import { expect, test } from "vitest";
import { absolutes, float32, largest } from "./rounding.js";

test("float32() holds sums of products computed in float32, in any order", () => {
  const number = fc.double({ min: -1000, max: 1000, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 60 }), (pairs) => {
      const sum = (terms: readonly (readonly [number, number])[], round: (x: number) => number) =>
        terms.reduce((total, [a, b]) => round(total + round(round(a) * round(b))), 0);
      const exact = sum(pairs, (x) => x);
      const bound = float32(
        pairs.length + 4,
        sum(absolutes(pairs), (x) => x),
      );
      expect(Math.abs(sum(pairs, Math.fround) - exact)).toBeLessThanOrEqual(bound);
      expect(Math.abs(sum(pairs.toReversed(), Math.fround) - exact)).toBeLessThanOrEqual(bound);
    }),
  );
});

test("float32() is a share of the magnitude, and refuses what is none", () => {
  expect(float32(1, 2 ** 24)).toBe(1);
  expect(() => float32(0, 1)).toThrow(RangeError);
  expect(() => float32(3, Number.NaN)).toThrow("got 3 and NaN");
});

test("largest() and absolutes() look at numbers wherever they stand, largest() not at a tensor's shape", () => {
  expect(largest({ a: [1, -7], b: Number.NEGATIVE_INFINITY })).toBe(7);
  expect(largest({ shape: [9], values: [1, 2, 3, 4, 5, 6, 7, 8, -1] })).toBe(8);
  expect(absolutes({ x: { shape: [2], values: [-1, 2] }, name: "a" })).toEqual({
    x: { shape: [2], values: [1, 2] },
    name: "a",
  });
});
