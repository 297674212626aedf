import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { statelessUniform, statelessUniformPortable } from "./kernels/stateless-uniform.js";
import { randomDraws, stepSeed } from "./random-draws.js";
import { ready } from "./ready.js";

beforeAll(async () => {
  await ready();
});

type Uniform = (shape: [number, number], seed: tf.Tensor1D, draw?: number) => tf.Tensor2D;
const forms: [name: string, uniform: Uniform][] = [
  ["statelessUniform", statelessUniform],
  ["statelessUniformPortable", statelessUniformPortable],
];

describe.each(forms)("%s()", (_, uniform) => {
  /** The numbers of one draw; checks that nothing leaks. */
  const numbers = (seed: [number, number], draw?: number, shape: [number, number] = [3, 5]) => {
    const before = tf.memory().numTensors;
    const tensor = tf.tensor1d(seed, "int32");
    const drawn = uniform(shape, tensor, draw);
    expect([drawn.dtype, drawn.shape]).toEqual(["float32", shape]);
    const values = Array.from(drawn.dataSync());
    tf.dispose([tensor, drawn]);
    expect(tf.memory().numTensors).toBe(before);
    return values;
  };

  test("gives the same numbers for the same seed and draw, and others for another", () => {
    const first = numbers([7, 9], 2);
    expect(numbers([7, 9], 2)).toEqual(first);
    for (const other of [numbers([8, 9], 2), numbers([7, 10], 2), numbers([7, 9], 3), numbers([7, 9])]) {
      expect(other.filter((value) => first.includes(value))).toEqual([]);
    }
    expect(numbers([7, 9])).toEqual(numbers([7, 9], 0));
  });

  test("fills [0, 1) evenly", () => {
    const values = numbers([2 ** 31 - 1, 5], 1, [100, 200]);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    const tenths = Array<number>(10).fill(0);
    for (const value of values) tenths[Math.floor(value * 10)]!++;
    // Chi-square with 9 degrees of freedom is above 33.7 once in 10,000.
    expect(tenths.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0)).toBeLessThan(33.7);
  });
});

test("statelessUniform() refuses a seed or a draw that breaks its rule", () => {
  const seed = tf.tensor1d([1, 2], "int32");
  const real = tf.tensor1d([1, 2]);
  const long = tf.tensor1d([1, 2, 3], "int32");
  expect(() => statelessUniform([2], real)).toThrow(
    "a seed must be a tensor of two int32 numbers; got float32 [2]",
  );
  expect(() => statelessUniform([2], long)).toThrow("got int32 [3]");
  expect(() => statelessUniform([2], seed, -1)).toThrow("draw must be a whole number of at least 0; got -1");
  tf.dispose([seed, real, long]);
});

test("randomDraws() draws anew with each call, and the same again from the same seed", () => {
  tf.tidy(() => {
    const seed = stepSeed(3, 14);
    const draw = () => {
      const random = randomDraws(seed);
      return [1, 2, 3].map(() => Array.from(random.uniform([4]).dataSync()));
    };
    const [first, again] = [draw(), draw()];
    expect(again).toEqual(first);
    expect(new Set(first.flat()).size).toBe(12);
  });
});

test("stepSeed() is named by the run's seed and the step", () => {
  tf.tidy(() => {
    const seeds = [stepSeed(1, 0), stepSeed(1, 1), stepSeed(2, 0)].map((seed) => seed.dataSync().join());
    expect(new Set(seeds).size).toBe(3);
    expect(stepSeed(1, 1).dataSync().join()).toBe(seeds[1]);
    expect(() => stepSeed(0.5, 1)).toThrow("a seed must be an integer; got 0.5");
  });
});
