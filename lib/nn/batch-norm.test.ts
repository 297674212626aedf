import { beforeAll, expect, test } from "vitest";
import { ready, tf } from "../runtime/index.js";
import { expectClose, valuesOf } from "../runtime/kernels/float64.fixture.js";
import { batchNorm } from "./batch-norm.js";
import type { Layer } from "./layer.js";
import {
  expectForward,
  normalised,
  oddImages,
  setOddValues,
  statisticsOf,
  toTensor,
} from "./reference.fixture.js";

beforeAll(async () => {
  await ready();
});

const parameterOf = (layer: Layer, name: string) =>
  layer.parameters().find((candidate) => candidate.name === name)!.parameter;

test("batchNorm() in training uses the batch's mean and biased variance", async () => {
  const layer = batchNorm(3);
  const { scale, shift } = setOddValues(layer);
  const x = oddImages([2, 3, 4, 3], 1);
  await expectForward(layer, x, normalised(x, scale!.values, shift!.values));
});

test("batchNorm() in inference uses the running statistics and leaves them", async () => {
  const layer = batchNorm(3);
  const { scale, shift, mean, variance } = setOddValues(layer);
  const x = oddImages([2, 3, 4, 3], 1);
  const values = x.values.map((value, i) => {
    const c = i % 3;
    const deviation = Math.sqrt(variance!.values[c]! + 1e-5);
    return (scale!.values[c]! * (value - mean!.values[c]!)) / deviation + shift!.values[c]!;
  });
  await expectForward(layer, x, { shape: x.shape, values }, { training: false });
  expectClose(await valuesOf(parameterOf(layer, "mean").variable), mean!.values, 1e-6);
});

test("batchNorm() moves running statistics by a tenth towards the batch's mean and unbiased variance", async () => {
  const layer = batchNorm(2);
  const before = setOddValues(layer);
  const x = oddImages([2, 3, 2, 2], 5);
  layer.forward(toTensor(x), { training: true });
  const { mean, variance } = statisticsOf(x);
  const count = 2 * 3 * 2;
  expectClose(
    await valuesOf(parameterOf(layer, "mean").variable),
    mean.map((m, c) => 0.9 * before["mean"]!.values[c]! + 0.1 * m),
    1e-6,
  );
  expectClose(
    await valuesOf(parameterOf(layer, "variance").variable),
    variance.map((v, c) => 0.9 * before["variance"]!.values[c]! + 0.1 * v * (count / (count - 1))),
    1e-6,
  );
});

test("batchNorm() takes momentum and epsilon", async () => {
  const layer = batchNorm(1, { momentum: 0.5, epsilon: 0.25 });
  for (const { parameter } of layer.parameters()) parameter.fill(Float32Array.of("constant" in parameter.initial ? parameter.initial.constant : NaN)); // prettier-ignore
  const x = tf.tensor4d([1, 3], [2, 1, 1, 1]);
  // Mean 2, biased variance 1, unbiased 2.
  const y = await valuesOf(layer.forward(x, { training: true }));
  expectClose(y, [-1 / Math.sqrt(1.25), 1 / Math.sqrt(1.25)], 1e-6);
  expectClose(await valuesOf(parameterOf(layer, "mean").variable), [1], 1e-6);
  expectClose(await valuesOf(parameterOf(layer, "variance").variable), [1.5], 1e-6);
});

test("batchNorm() refuses to train on one value a channel", () => {
  const layer = batchNorm(2);
  setOddValues(layer);
  expect(() => layer.forward(tf.ones([1, 1, 1, 2]), { training: true })).toThrow(
    "batch norm in training needs at least two values a channel; got one in [1, 1, 1, 2]: use a larger batch",
  );
});

test("batchNorm() counts scale and shift, not the statistics", () => {
  expect(batchNorm(5).rows([1, 1, 5])[0]!.parameters).toBe(10);
});
