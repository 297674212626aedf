import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import * as nn from "../nn/index.js";
import { ready } from "../runtime/index.js";
import { layerResponses } from "./responses.js";

beforeAll(async () => {
  await ready();
});

const tiny = { depth: 8, inputShape: [6, 6, 2], classes: 3, widths: [3, 4, 5], seed: 3 } as const;

const expected: [order: "original" | "preActivation", seen: Record<string, string>][] = [
  ["original", { "stem.conv": "stem.norm", "stage2.unit1.conv1": "stage2.unit1.norm1", "stage2.unit1.conv2": "stage2.unit1.norm2" }], // prettier-ignore
  ["preActivation", { "stem.conv": "stem.norm", "stage2.unit1.conv1": "stage2.unit1.norm2", "stage2.unit1.conv2": "stage2.unit1.conv2" }], // prettier-ignore
];

test.each(expected)(
  "layerResponses() measures after the norm and before the nonlinearity (%s)",
  async (order, seen) => {
    const network = nn.cifarResNet({ ...tiny, order, shortcut: "B" });
    const images = tf.randomNormal<tf.Rank.R4>([4, 6, 6, 2], 0.3, 2, "float32", 5);
    for (const { role, variable } of network.variables()) {
      if (role === "scale") variable.assign(tf.randomUniform(variable.shape, 0.5, 3, "float32", 9));
    }
    const { numTensors } = tf.memory();
    const responses = await layerResponses(network, images);
    expect(tf.memory().numTensors).toBe(numTensors);
    // Stem and two convolutions in each of three units; projections are no layers of the main path.
    expect(responses.map(({ name }) => name)).toEqual(["stem.conv", ...[1, 2, 3].flatMap((s) => [1, 2].map((k) => `stage${s}.unit1.conv${k}`))]); // prettier-ignore
    for (const [convolution, place] of Object.entries(seen)) {
      const [value] = Object.values(network.activations(images, { names: [place] }));
      const numbers = Array.from(await value!.data());
      const mean = numbers.reduce((a, b) => a + b) / numbers.length;
      const deviation = Math.sqrt(numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / numbers.length);
      expect(responses.find(({ name }) => name === convolution)!.deviation).toBeCloseTo(deviation, 4);
    }
  },
);
