// Every family of models trains through the public loop, leaks nothing, and comes back from its weight file.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  build,
  cifarDenseNet,
  cifarResNet,
  highway,
  imageNetResNet,
  shortcutVariants,
  vgg,
  type Network,
} from "../nn/index.js";
import { randomStream } from "../random/index.js";
import { ready } from "../runtime/index.js";
import { evaluate } from "./evaluate.js";
import { fit } from "./fit.js";
import type { BatchSource } from "../model/trainable.js";
import { loadWeights, readWeights, saveWeights } from "./weights.js";

let folder: string;
beforeAll(async () => {
  await ready();
  folder = await mkdtemp(join(tmpdir(), "residual-families-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function noise([height, width, channels]: readonly [number, number, number]): BatchSource {
  return {
    name: "noise",
    size: 12,
    imageShape: [height, width, channels],
    classes: ["a", "b", "c"],
    batch(indices) {
      const stream = randomStream(1, "noise", indices[0]!);
      const pixels = indices.length * height * width * channels;
      return {
        images: tf.tensor4d(
          Float32Array.from({ length: pixels }, () => stream.normal()),
          [indices.length, height, width, channels],
        ),
        labels: tf.tensor1d(indices.map((index) => index % 3), "int32"),
      }; // prettier-ignore
    },
  };
}

const images = { inputShape: [8, 8, 3], classes: 3 } as const;
const small = { inputShape: [8, 8, 3], classes: 3, widths: [4, 8, 16], seed: 2 } as const;
const families: [name: string, make: () => Network][] = [
  ["plain", () => cifarResNet({ ...small, depth: 8, shortcut: "none" })],
  ["option A", () => cifarResNet({ ...small, depth: 8, shortcut: "A" })],
  ["option B", () => cifarResNet({ ...small, depth: 8, shortcut: "B" })],
  ["option C", () => cifarResNet({ ...small, depth: 8, shortcut: "C" })],
  ["full pre-activation", () => cifarResNet({ ...small, depth: 8, order: "preActivation" })],
  ["bottleneck", () => cifarResNet({ ...small, depth: 11, kind: "bottleneck", shortcut: "B" })],
  ["ResNeXt", () => cifarResNet({ ...small, depth: 11, kind: "bottleneck", shortcut: "B", paths: { cardinality: 2, width: 32 } })], // prettier-ignore
  ["SE", () => cifarResNet({ ...small, depth: 8, gate: { kind: "squeezeExcitation", reduction: 2 } })],
  ["stochastic depth", () => cifarResNet({ ...small, depth: 14, gate: { kind: "stochasticDepth", lastSurvival: 0.5 } })], // prettier-ignore
  ["activated shortcuts", () => cifarResNet({ ...small, depth: 11, kind: "bottleneck", shortcut: "activated", order: "preActivation" })], // prettier-ignore
  ...Object.entries(shortcutVariants).map(([name, variant]): [string, () => Network] => [
    `the shortcut variant ${name}`,
    () => cifarResNet({ ...small, depth: 8, ...variant }),
  ]),
  ["DenseNet-BC", () => cifarDenseNet({ depth: 16, growth: 3, kind: "bottleneck", compression: 0.5, ...images, seed: 2 })], // prettier-ignore
  ["Highway", () => highway({ counts: [1, 1, 1], widths: [4, 4, 8], features: 6, ...images, seed: 2 })],
  [
    "VGG",
    () => vgg({ depth: 11, widths: [2, 3, 4, 4, 4], features: 6, inputShape: [32, 32, 3], classes: 3 }),
  ],
  [
    "ImageNet, basic",
    () => imageNetResNet({ depth: 18, inputShape: [32, 32, 3], classes: 3, widths: [4, 8, 8, 16], seed: 2 }),
  ],
  [
    "ImageNet, bottleneck",
    () => imageNetResNet({ depth: 50, inputShape: [32, 32, 3], classes: 3, widths: [4, 8, 8, 16], seed: 2 }),
  ],
];

test.each(families)(
  "fit() of a network with %s leaks nothing, and its weight file rebuilds it",
  async (name, make) => {
    const before = tf.memory().numTensors;
    const network = make();
    const source = noise(network.inputShape);
    const counts: number[] = [];
    const { history } = await fit(network, source, {
      steps: 4,
      batchSize: 6,
      progress: "none",
      onStep: () => void counts.push(tf.memory().numTensors),
    });
    expect(history.every(({ loss }) => Number.isFinite(loss))).toBe(true);
    expect(new Set(counts).size).toBe(1);

    const path = join(folder, `${name}.safetensors`);
    await saveWeights(network, path);
    const { spec } = await readWeights(path);
    const again = build(spec);
    await loadWeights(again, path);
    const quiet = { progress: "none" } as const;
    expect(await evaluate(again, source, quiet)).toEqual(await evaluate(network, source, quiet));
    network.dispose();
    again.dispose();
    expect(tf.memory().numTensors).toBe(before);
  },
);
