// What an answer may give: numbers in any container, at once or later, and never at the cost of its input.
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { beforeAll, expect, test } from "vitest";
import { array } from "../autodiff/index.js";
import { ChangedInput, fields, given, plainOf } from "./given.js";

beforeAll(() => tf.setBackend("cpu"));

function* counted() {
  yield 1;
  yield 2;
}

test.each<[string, unknown]>([
  ["a list", [1, 2]],
  ["a typed array", new Float32Array([1, 2])],
  ["a set", new Set([1, 2])],
  ["a generator", counted()],
  ["a promise of a list", Promise.resolve([1, 2])],
  ["a list of promises", [Promise.resolve(1), 2]],
  ["whole numbers of any size", [1n, 2n]],
  ["an array of autodiff", array([1, 2], [2])],
])("plainOf() takes %s for a list of numbers", async (_, value) => {
  expect(await plainOf(value)).toEqual([1, 2]);
});

test("plainOf() takes a tensor for lists of lists, and one without dimensions for its number", async () => {
  expect(await plainOf(tf.tensor2d([[1, 2], [3, 4]]))).toEqual([[1, 2], [3, 4]]); // prettier-ignore
  expect(await plainOf(tf.scalar(3))).toBe(3);
  expect(await plainOf(tf.zeros([2, 0]))).toEqual([[], []]);
  expect(await plainOf({ dx: tf.tensor1d([1]), n: 2, none: undefined })).toEqual({
    dx: [1],
    n: 2,
    none: null,
  });
});

test("plainOf() refuses what is no data", async () => {
  await expect(plainOf(() => 1)).rejects.toThrow("the answer must give data; got a function");
});

test("given() finds an input that the answer changed, also deep inside", async () => {
  const input = { rows: [[2, 1], [4, 3]] }; // prettier-ignore
  expect(await given(input, () => input.rows.map(([a]) => a))).toEqual([2, 4]);
  await expect(given(input, () => input.rows[1]!.sort())).rejects.toBeInstanceOf(ChangedInput);
});

test("fields() takes what is asked for and names what is missing", () => {
  expect(fields({ a: 1, b: 2, c: 3 }, ["a", "b"])).toEqual({ a: 1, b: 2 });
  expect(() => fields({ a: 1 }, ["a", "b"])).toThrow("lacks b");
  expect(() => fields(undefined, ["a"])).toThrow("an object with a; got undefined");
});
