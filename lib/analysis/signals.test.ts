import type { Model } from "../nn/model.js";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { mark, type Mode } from "../nn/layer.js";
import * as nn from "../nn/index.js";
import { randomStream } from "../random/index.js";
import { ready } from "../runtime/index.js";
import { signalsThroughDepth } from "./signals.js";

beforeAll(async () => {
  await ready();
});

function randomImages(shape: [number, number, number, number], seed: number): tf.Tensor4D {
  const stream = randomStream(seed, "images");
  return tf.tensor4d(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => stream.normal()),
    shape,
  );
}

/** Two "units" whose gradients are known in closed form: x, then 3x, then the mean over positions as logits. */
const tripling = {
  units: [{ name: "first" }, { name: "second" }],
  variables: () => [],
  forward(x: tf.Tensor4D, mode: Mode) {
    const first = mark(tf.mul(x, 1), "first", mode);
    const second = mark(tf.mul(first, 3), "second", mode);
    return tf.mean(second, [1, 2]);
  },
} as unknown as Model;

test("signalsThroughDepth() equals the closed form of softmax cross-entropy's gradient", async () => {
  const [n, height, width, classes] = [3, 2, 5, 4];
  const images = randomImages([n, height, width, classes], 11);
  const labels = [2, 0, 3];
  const signals = await signalsThroughDepth(tripling, images, tf.tensor1d(labels, "int32"));

  const x = await images.array();
  let squares = 0;
  x.forEach((image, i) => {
    const logits = Array.from({ length: classes }, (_, c) => {
      const plane = image.flatMap((row) => row.map((pixel) => 3 * pixel[c]!));
      return plane.reduce((a, b) => a + b) / plane.length;
    });
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    logits.forEach((logit, c) => {
      // dE/dlogit = (softmax - target) / N, shared by height x width positions.
      const slope = (Math.exp(logit) / total - (labels[i] === c ? 1 : 0)) / n;
      squares += height * width * (slope / (height * width)) ** 2;
    });
  });
  expect(signals[1]!.gradientNorm).toBeCloseTo(Math.sqrt(squares), 6);
  expect(signals[0]!.gradientNorm).toBeCloseTo(3 * Math.sqrt(squares), 6);

  const values = x.flat(3);
  const mean = values.reduce((a, b) => a + b) / values.length;
  const deviation = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length);
  expect(signals[0]!.deviation).toBeCloseTo(deviation, 5);
  expect(signals[1]!.deviation).toBeCloseTo(3 * deviation, 5);
});

test("signalsThroughDepth() leaves a network's statistics and the device's memory as they were", async () => {
  const network = nn.plainNet({ depth: 8, widths: [4, 4, 4], inputShape: [8, 8, 1], classes: 3, seed: 1 });
  const images = randomImages([5, 8, 8, 1], 3);
  const labels = tf.tensor1d([0, 1, 2, 1, 0], "int32");
  const values = async () =>
    Promise.all(network.variables().map(async ({ variable }) => [...(await variable.data())]));
  const before = await values();
  const { numTensors } = tf.memory();

  const signals = await signalsThroughDepth(network, images, labels);

  expect(tf.memory().numTensors).toBe(numTensors);
  expect(await values()).toEqual(before);
  expect(signals.map(({ name }) => name)).toEqual(network.units.map(({ name }) => name));
  for (const { deviation, gradientNorm } of signals) {
    expect(deviation).toBeGreaterThan(0);
    expect(gradientNorm).toBeGreaterThan(0);
  }
});

test("signalsThroughDepth() measures a DenseNet at the places that it is given, and asks for them", async () => {
  const network = nn.cifarDenseNet({ depth: 10, growth: 3, inputShape: [8, 8, 1], classes: 3, seed: 4 });
  const images = randomImages([4, 8, 8, 1], 12);
  const labels = tf.tensor1d([0, 1, 2, 1], "int32");
  const names = ["block1.unit1", "block3.unit2"];
  const signals = await signalsThroughDepth(network, images, labels, { names });
  expect(signals.map(({ name }) => name)).toEqual(names);
  const [inner] = Object.values(network.activations(images, { names: ["block1.unit1"], training: true }));
  const spread = tf.sqrt(tf.moments(inner!).variance).dataSync()[0]!;
  expect(signals[0]!.deviation).toBeCloseTo(spread, 5);
  expect(signals.every(({ gradientNorm }) => gradientNorm > 0)).toBe(true);
  await expect(signalsThroughDepth(network, images, labels)).rejects.toThrow("has to be told where to measure: give `names`"); // prettier-ignore
});

test("signalsThroughDepth() draws stochastic depth once: a value and its gradient belong to one network, and nothing is left", async () => {
  const network = nn.cifarResNet({
    depth: 26,
    widths: [2, 3, 4],
    inputShape: [8, 8, 1],
    classes: 3,
    gate: { kind: "stochasticDepth", lastSurvival: 0.1 },
    seed: 4,
  });
  const images = randomImages([4, 8, 8, 1], 12);
  const labels = tf.tensor1d([0, 1, 2, 1], "int32");
  const first = await signalsThroughDepth(network, images, labels);
  const { numTensors } = tf.memory();
  expect(await signalsThroughDepth(network, images, labels)).toEqual(first);
  expect(tf.memory().numTensors).toBe(numTensors);
  // A unit that keeps its shape and was left out hands spread and gradient on as they are (its input is the output of a ReLU).
  const same = first.flatMap(({ name, deviation, gradientNorm }, i) => {
    const next = first[i + 1];
    if (!next || next.name.endsWith("unit1") || Math.abs(next.deviation / deviation - 1) > 1e-6) return [];
    return [{ name, ratio: next.gradientNorm / gradientNorm }];
  });
  expect(same.length).toBeGreaterThan(0);
  for (const { ratio } of same) expect(ratio).toBeGreaterThan(0.99);
});
