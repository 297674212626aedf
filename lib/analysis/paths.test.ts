import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import * as nn from "../nn/index.js";
import { ready, softmaxCrossEntropy } from "../runtime/index.js";
import { effectiveDepth, enumeratePaths, gradientByPathLength, pathCounts } from "./paths.js";

beforeAll(async () => {
  await ready();
});

test("enumeratePaths() lists each path once, and pathCounts() counts them by length", () => {
  const paths = enumeratePaths(5);
  expect(new Set(paths.map(String)).size).toBe(32);
  const lengths = paths.map((path) => path.filter(Boolean).length);
  expect(pathCounts(5)).toEqual([0, 1, 2, 3, 4, 5].map((k) => lengths.filter((n) => n === k).length));
  expect(pathCounts(54).reduce((a, b) => a + b)).toBe(2 ** 54);
  expect(() => enumeratePaths(17)).toThrow("paths can be listed for 0 to 16 units; got 17");
  expect(() => pathCounts(-1)).toThrow("units must be a whole number of at least 0; got -1");
});

const tiny = { depth: 14, inputShape: [6, 6, 2], classes: 3, widths: [3, 4, 5], seed: 3 } as const;
const batch = () => ({
  images: tf.randomNormal<tf.Rank.R4>([4, 6, 6, 2], 0, 1, "float32", 5),
  labels: tf.tensor1d([0, 1, 2, 1], "int32"),
});

test.each<[string, () => nn.Network]>([
  ["original", () => nn.cifarResNet(tiny)],
  ["pre-activation", () => nn.cifarResNet({ ...tiny, order: "preActivation" })],
  ["option B with gates", () => nn.cifarResNet({ ...tiny, shortcut: "B", gate: { kind: "shortcutOnly", bias: -1 } })], // prettier-ignore
])("gradientByPathLength() equals the gradients of all single paths, one by one (%s)", async (_, make) => {
  const network = make();
  const { images, labels } = batch();
  const { numTensors } = tf.memory();
  const found = await gradientByPathLength(network, images, labels);
  expect(tf.memory().numTensors).toBe(numTensors);

  // Independently: for each of the 2^6 paths a whole backward pass in which each unit has one open term; the other is fed in as
  // a constant of the forward pass, read beforehand.
  const stem = network.parts["stem"]!.forward(images, { training: false });
  const constants = new Map<string, tf.Tensor>();
  const rest = (x: tf.Tensor, mode: nn.Mode) =>
    Object.entries(network.parts)
      .slice(1)
      .reduce<tf.Tensor>((h, [name, part]) => part.forward(h, nn.within(mode, name)), x);
  rest(stem, {
    training: false,
    observe: (name, value) => constants.set(name, tf.keep(tf.clone(value))),
  });
  const lossOver = (path: readonly boolean[] | undefined) => (x: tf.Tensor) =>
    tf.mean(
      softmaxCrossEntropy(
        rest(x, {
          training: false,
          replace(name, value) {
            const unit = network.units.findIndex((candidate) => name === `${candidate.name}.shortcut` || name === `${candidate.name}.residual`); // prettier-ignore
            if (!path || unit < 0) return value;
            return name.endsWith(".residual") === path[unit] ? value : constants.get(name)!;
          },
        }) as tf.Tensor2D,
        labels,
      ),
    );
  const total = tf.grad(lossOver(undefined))(stem);
  const sums = found.map(() => tf.zerosLike(stem));
  for (const path of enumeratePaths(network.units.length)) {
    const length = path.filter(Boolean).length;
    sums[length] = tf.add(sums[length]!, tf.grad(lossOver(path))(stem));
  }
  const size = tf.norm(total).dataSync()[0]!;
  expect(size).toBeGreaterThan(0);
  for (const { length, norm, share } of found) {
    expect(norm / size).toBeCloseTo(tf.norm(sums[length]!).dataSync()[0]! / size, 4);
    expect(share).toBeCloseTo(tf.sum(tf.mul(sums[length]!, total)).dataSync()[0]! / size ** 2, 4);
  }
  const error = tf.norm(tf.sub(tf.addN(sums), total)).dataSync()[0]!;
  expect(error / size).toBeLessThan(1e-4);
  expect(found.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 4);
  expect(found.map(({ paths }) => paths)).toEqual([1, 6, 15, 20, 15, 6, 1]);
});

test("gradientByPathLength() refuses a plain net", async () => {
  const { images, labels } = batch();
  await expect(gradientByPathLength(nn.plainNet(tiny), images, labels)).rejects.toThrow(
    "paths need a shortcut in every unit; stage1.unit1 is plain",
  );
});

test("effectiveDepth() is the mean length, and the shortest run that carries the share", () => {
  const gradients = [0.05, 0.5, 0.3, 0.2, -0.05].map((share, length) => ({
    length,
    paths: 1,
    norm: 1,
    share,
  }));
  expect(effectiveDepth(gradients, 0.75)).toEqual({ mean: (0.5 + 0.6 + 0.6) / 1.05, from: 1, to: 2 });
  for (const share of [0, -1, NaN]) {
    const vanished = gradients.map((gradient) => ({ ...gradient, share }));
    expect(() => effectiveDepth(vanished)).toThrow(
      "a depth needs shares of a gradient that is finite and not 0",
    );
  }
  expect(effectiveDepth(gradients, 1)).toMatchObject({ from: 0, to: 3 });
  expect(() => effectiveDepth(gradients, 0)).toThrow("share must be over 0 and at most 1; got 0");
});
