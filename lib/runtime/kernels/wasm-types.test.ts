// Operations of every type on WebAssembly, beside the backend in plain JavaScript.
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ready } from "../ready.js";

type Type = "float32" | "int32" | "bool";
type Given = Record<"x" | "y" | "row", tf.Tensor>;

beforeAll(async () => {
  await ready({ backend: "wasm" });
});
afterAll(async () => {
  await tf.setBackend("wasm");
});

type Operation = (given: Given) => tf.Tensor;
type Entry = readonly [name: string, operation: Operation];

const one = (names: string) => names.split(" ").map((name): Entry => [name, ({ x }) => apply(name, x)]);
const two = (names: string) =>
  names.split(" ").flatMap((name): Entry[] => [
    [name, ({ x, y }) => apply(name, x, y)],
    [`${name} of a matrix and a row`, ({ x, row }) => apply(name, x, row)],
  ]);
const along = (names: string) => names.split(" ").map((name): Entry => [name, ({ x }) => apply(name, x, 1)]);

function apply(name: string, ...args: readonly unknown[]): tf.Tensor {
  return (tf as unknown as Record<string, (...args: readonly unknown[]) => tf.Tensor>)[name]!(...args);
}

const picked = () => tf.tensor1d([1, 0, 1], "int32");

const operations: Readonly<Record<string, Operation>> = Object.fromEntries<Operation>([
  ...one(
    "abs acos acosh asin asinh atan atanh ceil cos cosh elu erf exp floor isFinite isInf isNaN leakyRelu log log1p logSigmoid",
  ),
  ...one(
    "neg reciprocal relu relu6 round rsqrt selu sigmoid sign sin sinh softplus sqrt square step tan tanh softmax logSoftmax",
  ),
  ...one("onesLike zerosLike transpose"),
  ...two("add sub mul div divNoNan maximum minimum mod pow squaredDifference prelu"),
  ...two("equal notEqual less lessEqual greater greaterEqual"),
  ...along("sum mean max min prod argMax argMin logSumExp cumsum cumprod reverse"),
  ["stridedSlice", ({ x }) => tf.stridedSlice(x, [0, 0], [2, 3], [1, 2])],
  ["stridedSlice backwards", ({ x }) => tf.stridedSlice(x, [1, 2], [-3, -4], [-1, -1])],
  ["slice", ({ x }) => tf.slice(x, [0, 1], [2, 2])],
  ["clipByValue", ({ x }) => tf.clipByValue(x, -0.5, 1)],
  ["gather", ({ x }) => tf.gather(x, picked(), 1)],
  ["gatherND", ({ x }) => tf.gatherND(x, tf.tensor2d([0, 1, 1, 2], [2, 2], "int32"))],
  ["concat", ({ x, y }) => tf.concat([x, y], 1)],
  ["stack", ({ x, y }) => tf.stack([x, y], 1)],
  ["split", ({ x }) => tf.split(x, 3, 1)[1]!],
  ["matMul", ({ x, y }) => tf.matMul(x, y, false, true)],
  ["addN", ({ x, y }) => tf.addN([x, y])],
  ["pad", ({ x }) => tf.pad(x, [[1, 0], [0, 1]], 1)], // prettier-ignore
  ["mirrorPad", ({ x }) => tf.mirrorPad(x, [[1, 0], [0, 1]], "reflect")], // prettier-ignore
  ["tile", ({ x }) => tf.tile(x, [2, 2])],
  ["where", ({ x, y }) => tf.where(tf.tensor2d([1, 0, 1, 0, 1, 0], [2, 3], "bool"), x, y)],
  ["reshape", ({ x }) => tf.reshape(x, [3, 2])],
  ["topk", ({ x }) => tf.topk(x, 2).values],
  ["broadcastTo", ({ row }) => tf.broadcastTo(row, [4, 3])],
  ["oneHot", ({ x }) => tf.oneHot(picked(), 2, 1, 0, x.dtype)],
  ["maxPool", ({ x }) => tf.maxPool(tf.reshape<tf.Rank.R4>(x, [1, 2, 3, 1]), 1, 2, "valid")],
  ["avgPool", ({ x }) => tf.avgPool(tf.reshape<tf.Rank.R4>(x, [1, 2, 3, 1]), 1, 2, "valid")],
  ...(["float32", "int32", "bool"] as const).map((to): Entry => [`cast to ${to}`, ({ x }) => tf.cast(x, to)]), // prettier-ignore
]);

const onlyBooleans: Readonly<Record<string, Operation>> = Object.fromEntries<Operation>([
  ...one("logicalNot"),
  ...two("logicalAnd logicalOr logicalXor"),
  ...along("any all"),
]);

const numbers: Readonly<Record<Type, fc.Arbitrary<number>>> = {
  float32: fc.constantFrom(-2.5, -1, -0.5, 0, 0.25, 1, 2, 3.5),
  int32: fc.integer({ min: -4, max: 6 }),
  bool: fc.integer({ min: 0, max: 1 }),
};

/** One operation with the numbers that it gets. */
interface Case {
  readonly name: string;
  readonly operation: Operation;
  readonly values: readonly number[];
}

/** The type, shape and numbers that a case gives, or what it throws where TensorFlow.js does not take such a type. */
function outcome({ operation, values }: Case, type: Type) {
  let result: tf.Tensor;
  try {
    result = tf.tidy(() =>
      operation({
        x: tf.tensor(values.slice(0, 6), [2, 3], type),
        y: tf.tensor(values.slice(6, 12), [2, 3], type),
        row: tf.tensor(values.slice(12), [3], type),
      }),
    );
  } catch (error) {
    return { type: (error as Error).message, shape: [], numbers: [] };
  }
  const given = { type: result.dtype, shape: result.shape, numbers: Array.from(result.dataSync(), Number) };
  result.dispose();
  return given;
}

test.each(["float32", "int32", "bool"] as const)(
  "mendTypesOnWasm() every operation on %s gives on wasm what plain JavaScript gives, and writes over no other tensor",
  async (type) => {
    const table = Object.entries({ ...operations, ...(type === "bool" && onlyBooleans) });
    const drawn = fc.sample(fc.array(numbers[type], { minLength: 15, maxLength: 15 }), { numRuns: 3 * table.length, seed: 1 }); // prettier-ignore
    const cases = drawn.map((values, i): Case => {
      const [name, operation] = table[i % table.length]!;
      return { name, operation, values };
    });
    await tf.setBackend("cpu");
    const expected = cases.map((one) => outcome(one, type));
    await tf.setBackend("wasm");
    const before = tf.memory();
    const neighbours = Array.from({ length: 8 }, (_, i) => tf.fill([5], i + 0.5));
    const given = cases.map((one) => outcome(one, type));

    for (const [i, { name, values }] of cases.entries()) {
      const what = `${name} of ${type} ${values.join(" ")}`;
      const [right, got] = [expected[i]!, given[i]!];
      expect({ ...got, numbers: [] }, what).toEqual({ ...right, numbers: [] });
      const wrong = right.numbers.findIndex((number, k) => !isClose(got.numbers[k]!, number));
      expect(wrong, `${what}: ${got.numbers.join(" ")}, not ${right.numbers.join(" ")}`).toBe(-1);
    }
    for (const [i, tensor] of neighbours.entries())
      expect([...tensor.dataSync()]).toEqual(Array(5).fill(i + 0.5));
    tf.dispose(neighbours);
    const { numTensors, numDataBuffers } = tf.memory();
    expect({ numTensors, numDataBuffers }).toEqual({ numTensors: before.numTensors, numDataBuffers: before.numDataBuffers }); // prettier-ignore
  },
);

/** Equal but for the rounding of float32; NaN is NaN. */
function isClose(a: number, b: number): boolean {
  return Object.is(a, b) || a === b || Math.abs(a - b) <= 1e-5 * Math.max(1, Math.abs(b));
}

test("mendTypesOnWasm() keeps the digits of large integers, and gradients", async () => {
  await tf.setBackend("wasm");
  const large = tf.tensor1d([2 ** 24 + 1, 7, 2 ** 30 + 1, 9], "int32");
  expect([...tf.stridedSlice(large, [0], [4], [2]).dataSync()]).toEqual([2 ** 24 + 1, 2 ** 30 + 1]);
  const mask = tf.tensor1d([1, 0, 1], "bool");
  const gradient = tf.grad((x: tf.Tensor) => tf.sum(tf.mul(x, tf.cast(tf.mul(mask, mask), "float32"))));
  expect([...gradient(tf.tensor1d([2, 0, -3])).dataSync()]).toEqual([1, 0, 1]);
});
