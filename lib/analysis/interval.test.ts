import { expect, test } from "vitest";
import { meanInterval } from "./interval.js";

// Two-sided 95 % points of Student's t, as printed in the usual tables.
test.each([
  [1, 12.706],
  [2, 4.303],
  [3, 3.182],
  [4, 2.776],
  [5, 2.571],
  [10, 2.228],
  [30, 2.042],
])("meanInterval() uses Student's t with %i degrees of freedom", (degreesOfFreedom, t) => {
  const values = Array.from({ length: degreesOfFreedom + 1 }, (_, i) => (i * 7) % 5);
  const { mean, deviation, upper, lower } = meanInterval(values);
  expect(((upper - mean) * Math.sqrt(values.length)) / deviation).toBeCloseTo(t, 3);
  expect((upper + lower) / 2).toBeCloseTo(mean, 12);
});

test("meanInterval() gives the mean and the deviation with n - 1", () => {
  const { mean, deviation } = meanInterval([1, 2, 6]);
  expect(mean).toBe(3);
  expect(deviation).toBeCloseTo(Math.sqrt(7), 12);
});

test("meanInterval() 99 % with 4 degrees of freedom is the table's 4.604", () => {
  const { mean, deviation, upper } = meanInterval([3, 1, 4, 1, 5], 0.99);
  expect(((upper - mean) * Math.sqrt(5)) / deviation).toBeCloseTo(4.604, 3);
});

test("meanInterval() refuses one run, and values that are not finite", () => {
  expect(() => meanInterval([1])).toThrow("an interval needs at least 2 runs; got 1");
  expect(() => meanInterval([1, Number.NaN])).toThrow("an interval needs finite values; got NaN");
});
