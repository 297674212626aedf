// Plain tensors, as a judge changes them.
import { expect, test } from "vitest";
import { firstOnly } from "./plain.js";

test("firstOnly() keeps the first entries of the first axis, and all where there are no more", () => {
  const pairs = { shape: [3, 2], values: [1, 2, 3, 4, 5, 6] };
  expect(firstOnly(pairs, 2)).toEqual({ shape: [3, 2], values: [1, 2, 3, 4, 0, 0] });
  expect(firstOnly(pairs, 8)).toEqual(pairs);
});
