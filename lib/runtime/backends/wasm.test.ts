import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { conv2d, ready, tf } from "../index.js";
import { expectClose, oddValues, useBackend, valuesOf } from "../kernels/float64.fixture.js";
import { crossEntropy, meanSquaredError, topK } from "../../train/index.js";
import { trainTinyNet } from "./tiny-net.fixture.js";

beforeAll(async () => {
  const info = await ready({ backend: "wasm" });
  expect(info.backend).toBe("wasm");
});

afterEach(async () => {
  await useBackend("wasm");
});

/** dE/dfilter on a backend, for E = sum(weights * conv2d(x, filter)). */
async function filterGradient(
  backend: string,
  xShape: [number, number, number, number],
  filterShape: [number, number, number, number],
  operation: (x: tf.Tensor4D, filter: tf.Tensor4D) => tf.Tensor,
): Promise<number[]> {
  await useBackend(backend);
  const x = tf.tensor4d(oddValues(tf.util.sizeFromShape(xShape), 1), xShape);
  const filter = tf.tensor4d(oddValues(tf.util.sizeFromShape(filterShape), 2), filterShape);
  const shape = operation(x, filter).shape;
  const weights = tf.tensor(oddValues(tf.util.sizeFromShape(shape), 3), shape);
  return valuesOf(tf.grad((w) => tf.sum(tf.mul(operation(x, w as tf.Tensor4D), weights)))(filter));
}

describe("the filter gradient on wasm equals cpu's", () => {
  test.each([
    ["stride 1, same", [2, 5, 6, 3], [3, 3, 3, 4], (x, w) => tf.conv2d(x, w, 1, "same")],
    ["stride 2, same, even size", [2, 6, 8, 3], [3, 3, 3, 4], (x, w) => tf.conv2d(x, w, 2, "same")],
    ["stride 2, valid, one row unused", [1, 6, 8, 2], [3, 3, 2, 4], (x, w) => tf.conv2d(x, w, 2, "valid")],
    [
      "strides 2 and 3, a filter not square",
      [2, 9, 8, 2],
      [2, 3, 2, 1],
      (x, w) => tf.conv2d(x, w, [2, 3], "same"),
    ],
    ["stride 2, symmetric padding", [2, 6, 8, 3], [3, 3, 3, 4], (x, w) => conv2d(x, w, 2, 1)],
    ["1x1, stride 2", [2, 5, 6, 3], [1, 1, 3, 4], (x, w) => conv2d(x, w, 2, 0)],
  ] satisfies [string, number[], number[], (x: tf.Tensor4D, w: tf.Tensor4D) => tf.Tensor][])(
    "%s",
    async (_, xShape, filterShape, operation) => {
      const shapes = [xShape, filterShape] as [
        [number, number, number, number],
        [number, number, number, number],
      ];
      const wasm = await filterGradient("wasm", ...shapes, operation);
      expectClose(wasm, await filterGradient("cpu", ...shapes, operation), 1e-5);
    },
  );
});

test("a residual net trains on wasm as on cpu, and leaves no tensor behind", async () => {
  const wasm = await trainTinyNet();
  await useBackend("cpu");
  const cpu = await trainTinyNet();
  expect(wasm.leaked).toBe(0);
  expectClose(wasm.losses, cpu.losses, 1e-4);
  expectClose(wasm.running, cpu.running, 1e-4);
  expect(Math.abs(wasm.losses[4]! - wasm.losses[0]!)).toBeGreaterThan(0.01); // it did move
});

describe("oneHot() on wasm equals cpu's", () => {
  test.each(["float32", "int32", "bool"] as const)("%s", async (dtype) => {
    const given = async (backend: string) => {
      await useBackend(backend);
      const hot = tf.oneHot(tf.tensor1d([1, 0, 3, 5], "int32"), 4, 1, 0, dtype);
      expect([hot.dtype, hot.shape]).toEqual([dtype, [4, 4]]);
      return Array.from(hot.dataSync());
    };
    expect(await given("wasm")).toEqual(await given("cpu"));
  });

  test("with values between the integers", async () => {
    await useBackend("wasm");
    const hot = tf.oneHot(tf.tensor1d([1, 0], "int32"), 2, 0.9, 0.1, "float32");
    expectClose(Array.from(hot.dataSync()), [0.1, 0.9, 0.9, 0.1], 1e-7);
  });
});

test("cast() to bool on wasm gives nothing but 0 and 1", async () => {
  await useBackend("wasm");
  for (const values of [tf.tensor1d([1.5, 0, -2]), tf.tensor1d([3, 0, -1], "int32")]) {
    expect(Array.from(tf.cast(values, "bool").dataSync())).toEqual([1, 0, 1]);
  }
});

test("the losses and topK() on wasm equal cpu's", async () => {
  const given = async (backend: string) => {
    await useBackend(backend);
    const logits = tf.tensor2d(oddValues(12, 3), [3, 4]);
    const labels = tf.tensor1d([1, 0, 2], "int32");
    const losses = [crossEntropy({ labelSmoothing: 0.1 }), meanSquaredError()];
    const values = [...losses.map((loss) => loss.perImage(logits, labels)), topK(2)(logits, labels)];
    return values.flatMap((value) => Array.from(value.dataSync()));
  };
  const onCpu = await given("cpu");
  expectClose(await given("wasm"), onCpu, 1e-6);
});
