import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { ready } from "../runtime/index.js";
import { sgd, type SgdOptions } from "./sgd.js";
import type { TrainableVariable } from "../model/trainable.js";

beforeAll(async () => {
  await ready();
});

const roles = ["weight", "bias", "scale", "shift"] as const;
const start = [1.5, -0.7, 0.9, 0.3];
// Three updates: a gradient for each variable, and the rate, which drops.
const updates = [
  { gradients: [0.4, -1.1, 0.2, 0.7], learningRate: 0.1 },
  { gradients: [-0.3, 0.8, 0.5, -0.2], learningRate: 0.1 },
  { gradients: [0.9, 0.1, -0.6, 0.3], learningRate: 0.01 },
];

/** The values of one scalar of each role after the updates. */
async function after(options: SgdOptions): Promise<number[]> {
  const variables: TrainableVariable[] = roles.map((role, i) => {
    return { name: role, role, variable: tf.tidy(() => tf.variable(tf.tensor1d([start[i]!]))) };
  });
  const before = tf.memory().numTensors;
  const state = sgd(options).start(variables);
  for (const { gradients, learningRate } of updates) {
    tf.tidy(() => {
      state.update(
        gradients.map((gradient) => tf.tensor1d([gradient])),
        tf.scalar(learningRate),
      );
    });
  }
  state.dispose();
  expect(tf.memory().numTensors).toBe(before);
  const values = [];
  for (const { variable } of variables) {
    values.push((await variable.data())[0]!);
    variable.dispose();
  }
  return values;
}

/** PyTorch's documented recurrence (torch.optim.SGD, dampening 0), one scalar in double precision. */
function reference(i: number, m: number, d: number, nesterov: boolean): number {
  let w = start[i]!;
  let buffer: number | undefined;
  for (const { gradients, learningRate } of updates) {
    let g = gradients[i]! + d * w;
    buffer = buffer === undefined ? g : m * buffer + g;
    g = nesterov ? g + m * buffer : buffer;
    w -= learningRate * g;
  }
  return w;
}

test.each([
  [{}, 0.9, 1e-4, false],
  [{ momentum: 0.5, weightDecay: 0.2 }, 0.5, 0.2, false],
  [{ momentum: 0.8, weightDecay: 0.1, nesterov: true }, 0.8, 0.1, true],
  [{ momentum: 0, weightDecay: 0.1 }, 0, 0.1, false],
  [{ momentum: 0.9, weightDecay: 0 }, 0.9, 0, false],
] as const)("sgd(%o) equals the recurrence in double precision", async (options, m, d, nesterov) => {
  const values = await after(options);
  values.forEach((value, i) => {
    expect(value).toBeCloseTo(reference(i, m, d, nesterov), 6);
  });
});

test("sgd() with decay weights-only leaves bias, scale and shift undecayed", async () => {
  const values = await after({ weightDecay: 0.3, decay: "weights-only" });
  expect(values[0]).toBeCloseTo(reference(0, 0.9, 0.3, false), 6);
  for (const i of [1, 2, 3]) expect(values[i]).toBeCloseTo(reference(i, 0.9, 0, false), 6);
});

test("sgd() refuses a momentum of 1, a negative decay, and Nesterov without momentum", () => {
  expect(() => sgd({ momentum: 1 })).toThrow("momentum must be at least 0 and below 1; got 1");
  expect(() => sgd({ weightDecay: -1 })).toThrow("weightDecay must be a finite number of at least 0; got -1");
  expect(() => sgd({ momentum: 0, nesterov: true })).toThrow("Nesterov needs a momentum above 0; got 0");
});
