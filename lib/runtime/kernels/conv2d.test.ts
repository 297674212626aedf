import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { conv2d, ready, tf } from "../index.js";
import {
  centralDifferences,
  dot,
  expectClose,
  leakOf,
  oddValues,
  useBackend,
  valuesOf,
} from "./float64.fixture.js";

interface Case {
  readonly x: [number, number, number, number];
  readonly filter: [number, number, number, number];
  readonly stride: number;
  readonly padding: number;
}

const cases: Case[] = [
  { x: [2, 5, 4, 2], filter: [3, 3, 2, 3], stride: 1, padding: 1 }, // `same`
  { x: [2, 6, 4, 2], filter: [3, 3, 2, 3], stride: 2, padding: 1 }, // even: `same` would pad one side only
  { x: [1, 5, 7, 2], filter: [3, 3, 2, 1], stride: 2, padding: 1 },
  { x: [1, 5, 4, 2], filter: [1, 1, 2, 3], stride: 2, padding: 0 }, // a projection shortcut
  { x: [1, 8, 8, 1], filter: [7, 7, 1, 2], stride: 2, padding: 3 }, // the stem for ImageNet
  { x: [1, 4, 4, 1], filter: [3, 3, 1, 1], stride: 1, padding: 2 }, // wider than `same`
];

const size = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1);
const outputSide = (side: number, { filter: [k], stride, padding }: Case) =>
  Math.floor((side + 2 * padding - k) / stride) + 1;

/** The definition: y[n,i,j,o] = sum over a, b, c of x[n, i s + a - p, j s + b - p, c] w[a, b, c, o]. */
function reference(test: Case, x: number[], filter: number[]): number[] {
  const [batch, height, width, channelsIn] = test.x;
  const [k, , , channelsOut] = test.filter;
  const y: number[] = [];
  for (let n = 0; n < batch; n++)
    for (let i = 0; i < outputSide(height, test); i++)
      for (let j = 0; j < outputSide(width, test); j++)
        for (let o = 0; o < channelsOut; o++) {
          let sum = 0;
          for (let a = 0; a < k; a++)
            for (let b = 0; b < k; b++)
              for (let c = 0; c < channelsIn; c++) {
                const row = i * test.stride + a - test.padding;
                const column = j * test.stride + b - test.padding;
                if (row < 0 || row >= height || column < 0 || column >= width) continue;
                sum +=
                  x[((n * height + row) * width + column) * channelsIn + c]! *
                  filter[((a * k + b) * channelsIn + c) * channelsOut + o]!;
              }
          y.push(sum);
        }
  return y;
}

beforeAll(async () => {
  await ready();
});

describe.each(["tensorflow", "cpu"])("on %s", (backend) => {
  beforeEach(async () => {
    await useBackend(backend);
  });

  test.each(cases)("conv2d() equals its definition in float64, gradients too: %o", async (test) => {
    const x = oddValues(size(test.x), 11);
    const filter = oddValues(size(test.filter), 12);
    const y = conv2d(tf.tensor4d(x, test.x), tf.tensor4d(filter, test.filter), test.stride, test.padding);
    expect(y.shape.slice(1, 3)).toEqual([outputSide(test.x[1], test), outputSide(test.x[2], test)]);
    expectClose(await valuesOf(y), reference(test, x, filter), 1e-5);

    const weights = oddValues(y.size, 13);
    const gradients = tf.grads(
      (x: tf.Tensor, filter: tf.Tensor) =>
      tf.sum(tf.mul(conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, test.stride, test.padding), tf.tensor(weights, y.shape))), // prettier-ignore
    )([tf.tensor4d(x, test.x), tf.tensor4d(filter, test.filter)]);
    const loss = (x: number[], filter: number[]) => dot(reference(test, x, filter), weights);
    for (const which of [0, 1]) {
      expectClose(await valuesOf(gradients[which]!), centralDifferences(loss, [x, filter], which), 2e-5);
    }
  });

  test("conv2d() leaves no tensor behind", async () => {
    const x = tf.ones<tf.Rank.R4>([1, 4, 4, 1]);
    const filter = tf.ones<tf.Rank.R4>([3, 3, 1, 1]);
    const leaked = await leakOf(() => {
      conv2d(x, filter, 2, 1).dispose();
      tf.grad((x) => tf.sum(conv2d(x as tf.Tensor4D, filter, 2, 1)))(x).dispose();
    });
    expect(leaked).toBe(0);
  });
});

test("conv2d() refuses a stride or padding that is no such integer", () => {
  const x = tf.ones<tf.Rank.R4>([1, 4, 4, 1]);
  expect(() => conv2d(x, x, 0, 1)).toThrow("stride must be a positive integer; got 0");
  expect(() => conv2d(x, x, 1, 0.5)).toThrow("padding must be an integer of at least 0; got 0.5");
});
