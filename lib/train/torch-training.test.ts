// Optimizers, losses, clipping, averages and warm-up beside PyTorch's over 20 updates, compiled and not; see torch/make_training.py.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { ready } from "../runtime/index.js";
import { adam, adamW } from "./adam.js";
import { fit } from "./fit.js";
import { crossEntropy, meanSquaredError, type Loss } from "./loss.js";
import type { FitOptions } from "./plan.js";
import { constant, warmUp } from "./schedule.js";
import { sgd } from "./sgd.js";
import type { BatchSource, Trainable, TrainableVariable } from "../model/trainable.js";
import { weightsOf } from "./weights.js";

type Values = Readonly<Record<string, readonly number[]>>;

interface Recorded {
  readonly losses: readonly number[];
  readonly weights: Values;
  readonly average?: Values;
}

const file = JSON.parse(readFileSync(join(import.meta.dirname, "torch/training.json"), "utf8")) as {
  readonly inputs: readonly (readonly (readonly number[])[])[];
  readonly labels: readonly (readonly number[])[];
  readonly first: Values;
  readonly cases: Readonly<Record<string, Recorded>>;
};
const { inputs, labels, first, cases } = file;
const [steps, batchSize, width] = [inputs.length, inputs[0]!.length, inputs[0]![0]!.length];
const classes = first["2.bias"]!.length;

beforeAll(async () => {
  await ready();
});

/** Linear, ReLU, linear: the script's `nn.Sequential`, with its first weights. Dispose its variables. */
function network(): Trainable {
  const hidden = first["0.bias"]!.length;
  const shapes = { "0.weight": [width, hidden], "0.bias": [hidden], "2.weight": [hidden, classes], "2.bias": [classes] }; // prettier-ignore
  const variables = Object.entries(shapes).map(([name, shape]): TrainableVariable => {
    const role = name.endsWith("bias") ? "bias" : "weight";
    return { name, role, variable: tf.tidy(() => tf.variable(tf.tensor([...first[name]!], shape))) };
  });
  const [w1, b1, w2, b2] = variables.map(({ variable }) => variable) as unknown as [tf.Tensor2D, tf.Tensor1D, tf.Tensor2D, tf.Tensor1D]; // prettier-ignore
  return {
    spec: { model: "two-layers", options: {} },
    inputShape: [1, 1, width],
    classes,
    variables: () => variables,
    forward(x) {
      const h = tf.relu(tf.add(tf.matMul(tf.reshape(x, [-1, width]), w1), b1));
      return tf.add(tf.matMul(h as tf.Tensor2D, w2), b2);
    },
  };
}

/** The script's batches in its order, one an epoch. */
function batches(): BatchSource {
  let step = 0;
  return {
    name: "batches",
    size: batchSize,
    imageShape: [1, 1, width],
    classes: Array.from({ length: classes }, (_, k) => `class ${k}`),
    batch() {
      const at = step++;
      const images = tf.tensor4d(inputs[at]!.flat(), [batchSize, 1, 1, width]);
      return { images, labels: tf.tensor1d([...labels[at]!], "int32") };
    },
  };
}

/** Squared error once more, as a reader may write a loss. */
const own: Loss = {
  description: { loss: "own" },
  perImage: (logits, label) =>
    tf.mean(tf.squaredDifference(logits, tf.oneHot(label, logits.shape[1], 1, 0, "float32")), 1),
};

const at = (rate: number): FitOptions => ({ schedule: constant(rate) });

test.each<[name: string, recorded: string, options: FitOptions]>([
  ["sgd()", "sgd", at(0.1)],
  ["sgd() with nesterov", "nesterov", { ...at(0.1), optimizer: sgd({ momentum: 0.8, nesterov: true, weightDecay: 0.01 }) }],
  ["adam()", "adam", { ...at(0.01), optimizer: adam() }],
  ["adam() with options", "adam with decay", { ...at(0.02), optimizer: adam({ beta1: 0.8, beta2: 0.95, epsilon: 1e-4, weightDecay: 0.1 }) }],
  ["adamW()", "adamW", { ...at(0.01), optimizer: adamW() }],
  ["adamW() with options", "adamW with decay", { ...at(0.02), optimizer: adamW({ beta1: 0.8, beta2: 0.95, weightDecay: 0.3 }) }],
  ["crossEntropy() with label smoothing", "label smoothing", { ...at(0.1), loss: crossEntropy({ labelSmoothing: 0.1 }) }],
  ["meanSquaredError()", "squared error", { ...at(0.1), loss: meanSquaredError() }],
  ["fit() with a loss of one's own", "squared error", { ...at(0.1), loss: own }],
  ["fit() with clipNorm", "clipping", { ...at(0.1), clipNorm: 0.3 }],
  ["fit() with averageDecay", "average", { ...at(0.1), averageDecay: 0.9 }],
  ["warmUp() as a ramp", "ramp", { schedule: warmUp({ learningRate: 0.01, steps: 8, shape: "ramp", then: constant(0.1) }) }],
])("%s agrees with PyTorch over 20 updates, compiled and not", async (_, name, options) => {
  const recorded = cases[name]!;
  const uncompiled: string[] = [];
  for (const compile of [{ onUncompiled: (reason: string) => uncompiled.push(reason) }, false] as const) {
    const model = network();
    const before = tf.memory().numTensors;
    const result = await fit(model, batches(), { ...options, steps, batchSize, compile, stepLosses: true, progress: "none" });
    expect(tf.memory().numTensors).toBe(before);
    expectClose(result.stepLosses!, recorded.losses, compile ? "losses, compiled" : "losses");
    for (const [{ tensors }, values] of [
      [await weightsOf(model), recorded.weights],
      ...(recorded.average ? [[result.average!, recorded.average] as const] : []),
    ] as const) {
      for (const [key, expected] of Object.entries(values)) expectClose(tensors.get(key)!.data, expected, key);
    }
    expect(uncompiled).toEqual([]);
    expect(result.average === undefined).toBe(recorded.average === undefined);
    tf.dispose(model.variables().map(({ variable }) => variable));
  }
}); // prettier-ignore

function expectClose(got: ArrayLike<number>, expected: readonly number[], what: string): void {
  const apart = expected.map((value, i) => Math.abs(got[i]! - value));
  expect(got.length, what).toBe(expected.length);
  expect(
    apart.reduce((worst, one) => (one > worst || Number.isNaN(one) ? one : worst), 0),
    what,
  ).toBeLessThan(1e-5);
}
