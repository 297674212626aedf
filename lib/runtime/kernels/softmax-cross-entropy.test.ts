import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ready, softmaxCrossEntropy, tf } from "../index.js";
import { softmaxCrossEntropyPortable } from "./softmax-cross-entropy.js";
import {
  centralDifferences,
  dot,
  expectClose,
  leakOf,
  oddValues,
  useBackend,
  valuesOf,
} from "./float64.fixture.js";

const rows = 4;
const classes = 5;
const logits = oddValues(rows * classes, 3).map((value) => 4 * value);
const labels = [3, 0, 4, 3];
const weights = oddValues(rows, 4); // the losses count differently, and with both signs

/** -log softmax(row)[label] of each row. */
function reference(logits: number[]): number[] {
  return labels.map((label, n) => {
    const row = logits.slice(n * classes, (n + 1) * classes);
    return Math.log(row.reduce((sum, z) => sum + Math.exp(z), 0)) - row[label]!;
  });
}

const logitsTensor = () => tf.tensor2d(logits, [rows, classes]);
const labelsTensor = () => tf.tensor1d(labels, "int32");

beforeAll(async () => {
  await ready();
});

describe.each(["tensorflow", "cpu"])("on %s", (backend) => {
  beforeEach(async () => {
    await useBackend(backend);
  });

  test("softmaxCrossEntropy() gives the losses of a float64 reference and of its portable twin", async () => {
    const losses = await valuesOf(softmaxCrossEntropy(logitsTensor(), labelsTensor()));
    expectClose(losses, reference(logits), 1e-6);
    expectClose(losses, await valuesOf(softmaxCrossEntropyPortable(logitsTensor(), labelsTensor())), 1e-6);
  });

  test("softmaxCrossEntropy() stays finite for logits of a thousand", async () => {
    const extreme = tf.tensor2d([1000, 0, -1000, 0], [2, 2]);
    expectClose(await valuesOf(softmaxCrossEntropy(extreme, tf.tensor1d([1, 1], "int32"))), [1000, 0], 0);
  });

  test("softmaxCrossEntropy() has the gradient of float64 differences and of its portable twin", async () => {
    const gradient = (operation: typeof softmaxCrossEntropy) =>
      valuesOf(
        tf.grad((z: tf.Tensor) =>
          tf.sum(tf.mul(operation(z as tf.Tensor2D, labelsTensor()), tf.tensor1d(weights))),
        )(logitsTensor()),
      );
    const loss = (logits: number[]) => dot(reference(logits), weights);
    expectClose(await gradient(softmaxCrossEntropy), centralDifferences(loss, [logits], 0), 1e-6);
    expectClose(await gradient(softmaxCrossEntropy), await gradient(softmaxCrossEntropyPortable), 1e-6);
  });

  test("softmaxCrossEntropy() takes a batch of one sample", async () => {
    const loss = softmaxCrossEntropy(tf.tensor2d([[7, 7]]), tf.tensor1d([0], "int32"));
    expectClose(await valuesOf(loss), [Math.log(2)], 1e-6);
  });

  test("softmaxCrossEntropy() refuses a single class", () => {
    expect(() => softmaxCrossEntropy(tf.tensor2d([[7]]), tf.tensor1d([0], "int32"))).toThrow(
      "at least 2 classes; got 1",
    );
  });

  test("softmaxCrossEntropy() refuses labels that are not int32 or not one a row", () => {
    expect(() => softmaxCrossEntropy(logitsTensor(), tf.tensor1d(labels))).toThrow(
      "labels must be int32; got float32",
    );
    expect(() => softmaxCrossEntropy(logitsTensor(), tf.tensor1d([0, 1], "int32"))).toThrow(
      "one label for each of the 4 rows of logits; got 2",
    );
  });

  test("softmaxCrossEntropy() refuses a second derivative", () => {
    const first = tf.grad((z: tf.Tensor) => tf.sum(softmaxCrossEntropy(z as tf.Tensor2D, labelsTensor())));
    const second = tf.grad((z: tf.Tensor) => tf.sum(tf.square(first(z))));
    expect(() => second(logitsTensor())).toThrow("softmaxCrossEntropy has a first derivative only");
  });

  test("softmaxCrossEntropy() leaves no tensor behind", async () => {
    const [z, y] = [logitsTensor(), labelsTensor()];
    const leaked = await leakOf(() => {
      softmaxCrossEntropy(z, y).dispose();
      tf.grad((z: tf.Tensor) => tf.sum(softmaxCrossEntropy(z as tf.Tensor2D, y)))(z).dispose();
    });
    expect(leaked).toBe(0);
  });
});

test("softmaxCrossEntropy() names a label out of range on TensorFlow's CPU", async () => {
  await useBackend("tensorflow");
  expect(() => softmaxCrossEntropy(tf.tensor2d([[1, 2]]), tf.tensor1d([2], "int32"))).toThrow(
    "label value of 2 which is outside the valid range of [0, 2)",
  );
});
