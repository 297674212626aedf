import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { batchNormInference, batchNormTraining, ready, tf } from "../index.js";
import { batchNormInferencePortable, batchNormTrainingPortable } from "./batch-norm-portable.js";
import {
  centralDifferences,
  dot,
  expectClose,
  leakOf,
  oddValues,
  useBackend,
  valuesOf,
} from "./float64.fixture.js";

const channels = 3;
const shape: [number, number, number, number] = [2, 3, 5, channels];
const count = 30; // values of one channel
const epsilon = 1e-3; // large enough to show in the result
const ignore = () => undefined;

const x = oddValues(count * channels, 5).map((value, i) => 2 * value + (i % channels));
const scale = oddValues(channels, 6);
const shift = oddValues(channels, 7);
const mean = oddValues(channels, 8);
const variance = oddValues(channels, 9).map((value) => value * value + 0.5);
const weights = oddValues(count * channels, 10);

function statistics(x: number[]): { mean: number[]; biased: number[] } {
  const mean = Array.from({ length: channels }, () => 0);
  const biased = [...mean];
  x.forEach((value, i) => (mean[i % channels]! += value / count));
  x.forEach((value, i) => (biased[i % channels]! += (value - mean[i % channels]!) ** 2 / count));
  return { mean, biased };
}

function inference(x: number[], scale: number[], shift: number[], mean: number[], variance: number[]) {
  return x.map((value, i) => {
    const c = i % channels;
    return (scale[c]! * (value - mean[c]!)) / Math.sqrt(variance[c]! + epsilon) + shift[c]!;
  });
}

function training(x: number[], scale: number[], shift: number[]): number[] {
  const { mean, biased } = statistics(x);
  return inference(x, scale, shift, mean, biased);
}

const image = (values: number[]) => tf.tensor4d(values, shape);

/** The gradients of sum(weights * operation(inputs)) with respect to each input. */
async function gradients(operation: (...inputs: tf.Tensor[]) => tf.Tensor, inputs: tf.Tensor[]) {
  const all = tf.grads((...inputs: tf.Tensor[]) => tf.sum(tf.mul(operation(...inputs), image(weights))));
  return Promise.all(all(inputs).map(valuesOf));
}

const trainingInputs = () => [image(x), tf.tensor1d(scale), tf.tensor1d(shift)];
const inferenceInputs = () => [...trainingInputs(), tf.tensor1d(mean), tf.tensor1d(variance)];
const asTraining = (operation: typeof batchNormTraining) => (x: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor) =>
  operation(x as tf.Tensor4D, scale as tf.Tensor1D, shift as tf.Tensor1D, epsilon, ignore); // prettier-ignore
const asInference = (operation: typeof batchNormInference) => (...[x, ...rest]: tf.Tensor[]) =>
  operation(x as tf.Tensor4D, ...(rest as [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D]), epsilon); // prettier-ignore

beforeAll(async () => {
  await ready();
});

describe.each(["tensorflow", "cpu"])("on %s", (backend) => {
  beforeEach(async () => {
    await useBackend(backend);
  });

  test("batchNormTraining() gives the values of a float64 reference and of its portable twin", async () => {
    const [input, gamma, beta] = trainingInputs() as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D];
    const y = await valuesOf(batchNormTraining(input, gamma, beta, epsilon, ignore));
    expectClose(y, training(x, scale, shift), 1e-5);
    expectClose(y, await valuesOf(batchNormTrainingPortable(input, gamma, beta, epsilon, ignore)), 1e-5);
  });

  test("batchNormTraining() has the gradients of float64 differences and of its portable twin", async () => {
    const actual = await gradients(asTraining(batchNormTraining), trainingInputs());
    const portable = await gradients(asTraining(batchNormTrainingPortable), trainingInputs());
    const loss = (x: number[], scale: number[], shift: number[]) => dot(training(x, scale, shift), weights);
    for (const which of [0, 1, 2]) {
      expectClose(actual[which]!, centralDifferences(loss, [x, scale, shift], which), 1e-5);
      expectClose(actual[which]!, portable[which]!, 1e-5);
    }
  });

  test("batchNormTraining() hands over the batch's mean and unbiased variance", async () => {
    const running = [tf.variable(tf.zeros([channels])), tf.variable(tf.zeros([channels]))] as const;
    const [input, gamma, beta] = trainingInputs() as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D];
    batchNormTraining(input, gamma, beta, epsilon, (mean, variance) => {
      running[0].assign(tf.mul(mean, 1));
      running[1].assign(tf.mul(variance, 1));
    });
    const expected = statistics(x);
    expectClose(await valuesOf(running[0]), expected.mean, 1e-5);
    expectClose(await valuesOf(running[1]), expected.biased.map((v) => (v * count) / (count - 1)), 1e-5); // prettier-ignore
  });

  test("batchNormTraining() gives the same gradients whatever onStatistics computes", async () => {
    const running = tf.variable(tf.zeros([channels]));
    const watched = (x: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor) =>
      batchNormTraining(x as tf.Tensor4D, scale as tf.Tensor1D, shift as tf.Tensor1D, epsilon, (mean) => {
        running.assign(tf.add(tf.mul(running, 0.9), tf.mul(mean, 0.1)));
      });
    const plain = await gradients(asTraining(batchNormTraining), trainingInputs());
    expect(await gradients(watched, trainingInputs())).toEqual(plain);
  });

  test("batchNormTraining() of one value a channel gives the shift, gradient 0 and variance 0", async () => {
    const one = tf.tensor4d([3, -4, 5], [1, 1, 1, channels]);
    const seen: number[][] = [];
    const pending: Promise<unknown>[] = [];
    const run = (x: tf.Tensor) =>
      batchNormTraining(x as tf.Tensor4D, tf.tensor1d(scale), tf.tensor1d(shift), epsilon, (_, variance) => {
        pending.push(variance.data().then((values) => seen.push([...values])));
      });
    expectClose(await valuesOf(run(one)), shift, 1e-6);
    expect((await valuesOf(tf.grad(run)(one))).map(Math.abs)).toEqual([0, 0, 0]);
    await Promise.all(pending);
    expect(seen).toEqual([[0, 0, 0], [0, 0, 0]]); // prettier-ignore
  });

  test("batchNormTraining() leaves no tensor behind", async () => {
    const inputs = trainingInputs() as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D];
    const running = tf.variable(tf.zeros([channels]));
    const leaked = await leakOf(() => {
      batchNormTraining(...inputs, epsilon, (mean, variance) => {
        running.assign(tf.add(mean, tf.mul(variance, 2)));
      }).dispose();
      tf.dispose(tf.grads((...t) => tf.sum(asTraining(batchNormTraining)(t[0]!, t[1]!, t[2]!)))(inputs));
    });
    expect(leaked).toBe(0);
  });

  test("batchNormTraining() refuses a second derivative", () => {
    const [, gamma, beta] = trainingInputs();
    const first = tf.grad((x: tf.Tensor) => tf.square(asTraining(batchNormTraining)(x, gamma!, beta!)));
    const second = tf.grad((x: tf.Tensor) => tf.sum(tf.square(first(x))));
    expect(() => second(image(x))).toThrow("has a first derivative only");
  });

  test("batchNormInference() gives the values of a float64 reference and of its portable twin", async () => {
    const inputs = inferenceInputs();
    const y = await valuesOf(asInference(batchNormInference)(...inputs));
    expectClose(y, inference(x, scale, shift, mean, variance), 1e-5);
    expectClose(y, await valuesOf(asInference(batchNormInferencePortable)(...inputs)), 1e-5);
  });

  test("batchNormInference() has the gradients of float64 differences and of its portable twin", async () => {
    const actual = await gradients(asInference(batchNormInference), inferenceInputs());
    const portable = await gradients(asInference(batchNormInferencePortable), inferenceInputs());
    const loss = (...inputs: number[][]) =>
      dot(inference(...(inputs as [number[], number[], number[], number[], number[]])), weights);
    for (const which of [0, 1, 2, 3, 4]) {
      expectClose(actual[which]!, centralDifferences(loss, [x, scale, shift, mean, variance], which), 1e-5);
      expectClose(actual[which]!, portable[which]!, 1e-5);
    }
  });

  test("batchNormInference() leaves no tensor behind", async () => {
    const inputs = inferenceInputs();
    const leaked = await leakOf(() => {
      asInference(batchNormInference)(...inputs).dispose();
      tf.dispose(tf.grads((...inputs) => tf.sum(asInference(batchNormInference)(...inputs)))(inputs));
    });
    expect(leaked).toBe(0);
  });
});
