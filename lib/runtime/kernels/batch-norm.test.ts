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
  operation(x as tf.Tensor4D, scale as tf.Tensor1D, shift as tf.Tensor1D, epsilon); // prettier-ignore
const asInference = (operation: typeof batchNormInference) => (...[x, ...rest]: tf.Tensor[]) =>
  operation(x as tf.Tensor4D, ...(rest as [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D]), epsilon); // prettier-ignore

const runningStatistics = (momentum: number) => ({
  mean: tf.variable(tf.tensor1d(mean), false),
  variance: tf.variable(tf.tensor1d(variance), false),
  momentum,
});

beforeAll(async () => {
  await ready();
});

describe.each(["tensorflow", "cpu"])("on %s", (backend) => {
  beforeEach(async () => {
    await useBackend(backend);
  });

  test("batchNormTraining() gives the values of a float64 reference and of its portable twin", async () => {
    const [input, gamma, beta] = trainingInputs() as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D];
    const y = await valuesOf(batchNormTraining(input, gamma, beta, epsilon));
    expectClose(y, training(x, scale, shift), 1e-5);
    expectClose(y, await valuesOf(batchNormTrainingPortable(input, gamma, beta, epsilon)), 1e-5);
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

  test.each([0, 0.9])(
    "batchNormTraining() moves running statistics to momentum %s of their own and the rest of the batch's",
    async (momentum) => {
      const running = runningStatistics(momentum);
      const [input, gamma, beta] = trainingInputs() as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D];
      batchNormTraining(input, gamma, beta, epsilon, running);
      const batch = statistics(x);
      const moved = (old: number[], now: number[]) =>
        old.map((value, i) => momentum * value + (1 - momentum) * now[i]!);
      const unbiased = batch.biased.map((value) => (value * count) / (count - 1));
      expectClose(await valuesOf(running.mean), moved(mean, batch.mean), 1e-5);
      expectClose(await valuesOf(running.variance), moved(variance, unbiased), 1e-5);
    },
  );

  test("batchNormTraining() gives the same result and gradients with running statistics and without", async () => {
    const running = runningStatistics(0.9);
    const watched = (x: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor) =>
      batchNormTraining(x as tf.Tensor4D, scale as tf.Tensor1D, shift as tf.Tensor1D, epsilon, running);
    const [input, gamma, beta] = trainingInputs() as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D];
    const plain = await gradients(asTraining(batchNormTraining), trainingInputs());
    expect(await gradients(watched, trainingInputs())).toEqual(plain);
    const y = await valuesOf(watched(input, gamma, beta));
    expect(y).toEqual(await valuesOf(batchNormTraining(input, gamma, beta, epsilon)));
  });

  test("batchNormTraining() of one value a channel gives the shift, gradient 0 and variance 0", async () => {
    const one = tf.tensor4d([3, -4, 5], [1, 1, 1, channels]);
    const running = runningStatistics(0.5);
    const run = (x: tf.Tensor) =>
      batchNormTraining(x as tf.Tensor4D, tf.tensor1d(scale), tf.tensor1d(shift), epsilon, running);
    expectClose(await valuesOf(run(one)), shift, 1e-6);
    expectClose(await valuesOf(running.variance), variance.map((value) => value / 2), 1e-6); // prettier-ignore
    expect((await valuesOf(tf.grad(run)(one))).map(Math.abs)).toEqual([0, 0, 0]);
  });

  test("batchNormTraining() leaves no tensor behind", async () => {
    const inputs = trainingInputs() as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D];
    const [blended, replaced] = [runningStatistics(0.9), runningStatistics(0)];
    const leaked = await leakOf(() => {
      for (const running of [blended, replaced, undefined])
        batchNormTraining(...inputs, epsilon, running).dispose();
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
