import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ready, relu, tf } from "../index.js";
import { reluPortable } from "./relu.js";
import {
  centralDifferences,
  dot,
  expectClose,
  leakOf,
  oddValues,
  useBackend,
  valuesOf,
} from "./float64.fixture.js";

const shape: [number, number, number] = [2, 3, 5];
const x = oddValues(30, 1);
const weights = oddValues(30, 2);

beforeAll(async () => {
  await ready();
});

describe.each(["tensorflow", "cpu"])("on %s", (backend) => {
  beforeEach(async () => {
    await useBackend(backend);
  });

  test("relu() gives max(x, 0), and 0 at 0", async () => {
    expect(await valuesOf(relu(tf.tensor1d([-1.5, 0, 2.5])))).toEqual([0, 0, 2.5]);
  });

  test("relu() keeps the shape", () => {
    expect(relu(tf.tensor(x, shape)).shape).toEqual(shape);
  });

  test("relu() has the gradient of float64 differences and of its portable twin", async () => {
    const loss = (x: number[]) => dot(x.map((v) => Math.max(v, 0)), weights); // prettier-ignore
    const gradient = (operation: (x: tf.Tensor) => tf.Tensor) =>
      valuesOf(tf.grad((x) => tf.sum(tf.mul(operation(x), tf.tensor(weights, shape))))(tf.tensor(x, shape)));
    expectClose(await gradient(relu), centralDifferences(loss, [x], 0), 1e-6);
    expectClose(await gradient(relu), await gradient(reluPortable), 0);
  });

  test("relu() has gradient 0 at 0", async () => {
    expect(await valuesOf(tf.grad((x) => tf.sum(relu(x)))(tf.tensor1d([0, 1])))).toEqual([0, 1]);
  });

  test("relu() has the second derivative of x relu(x)", async () => {
    const first = tf.grad((x: tf.Tensor) => tf.mul(relu(x), x)); // 2x where x > 0
    const second = tf.grad((x: tf.Tensor) => tf.sum(first(x)));
    expect(await valuesOf(second(tf.tensor1d([-3, 5])))).toEqual([0, 2]);
  });

  test("relu() leaves no tensor behind", async () => {
    const input = tf.tensor(x, shape);
    const leaked = await leakOf(() => {
      relu(input).dispose();
      tf.grad((x) => tf.sum(relu(x)))(input).dispose();
    });
    expect(leaked).toBe(0);
  });
});
