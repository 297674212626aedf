import { expect, test } from "vitest";
import { randomStream } from "../random/index.js";
import { autocorrelation, pairCorrelation } from "./autocorrelation.js";
import { inputSlopes, type InputSlopesOptions } from "./input-slopes.js";

const along = (n: number) => Array.from({ length: n }, (_, j) => [-2 + (4 * j) / n + 0.003, 1]);

/** The values of the same network, one input at a time, with the norms' statistics given or taken from the inputs: its own walk, and no slopes. */
function values(
  inputs: readonly number[][],
  o: InputSlopesOptions,
  norms: { mean: number; scale: number }[][] = [],
) {
  const { depth, width, seed, shortcut, norm, beta = 1, gain = 2, biasVariance = 0 } = o;
  const first = randomStream(seed, "first layer");
  const weights = Array.from({ length: width }, () => inputs[0]!.map(() => first.normal()));
  let h = inputs.map((input) => weights.map((w) => w.reduce((sum, value, i) => sum + value * input[i]!, 0)));
  for (let block = 1; block <= depth; block++) {
    norms[block] ??= weights.map((_, unit) => {
      const all = h.map((one) => one[unit]!);
      const mean = all.reduce((a, b) => a + b) / all.length;
      const variance = all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length;
      return norm ? { mean, scale: (variance + 1e-5) ** -0.5 } : { mean: 0, scale: 1 };
    });
    const stream = randomStream(seed, "block", block);
    const matrix = Array.from({ length: width }, () => ({
      row: Array.from({ length: width }, () => Math.sqrt(gain / width) * stream.normal()),
      bias: biasVariance > 0 ? Math.sqrt(biasVariance) * stream.normal() : 0,
    }));
    h = h.map((one) => {
      const active = one.map((value, i) =>
        Math.max((value - norms[block]![i]!.mean) * norms[block]![i]!.scale, 0),
      );
      const out = matrix.map(({ row, bias }) => row.reduce((sum, w, i) => sum + w * active[i]!, bias));
      return shortcut ? out.map((value, i) => one[i]! + beta * value) : out;
    });
  }
  return { h, norms };
}

test.each([
  ["plain", {}],
  ["with biases, Glorot", { gain: 1, biasVariance: 1 }],
  ["plain with batch norm", { norm: true }],
  ["residual with batch norm", { norm: true, shortcut: true, beta: 0.5, biasVariance: 0.3 }],
] as const)("inputSlopes() equals finite differences, %s", (_, options) => {
  // Unevenly spaced: at the middle of an even grid the first batch norm gives exactly 0, which is a kink.
  const inputs = [-1.9, -1.1, -0.7, 0.2, 0.5, 1.3, 1.8].map((t) => [t, 1]);
  const whole = { depth: 3, width: 5, seed: 4, ...options };
  const { slopes } = inputSlopes(inputs, [1, 0], whole);
  const { norms } = values(inputs, whole);
  const step = 1e-7;
  const moved = (by: number) => values(inputs.map(([t, one]) => [t! + by, one!]), whole, norms).h; // prettier-ignore
  const [high, low] = [moved(step), moved(-step)];
  inputs.forEach((_, j) => {
    slopes[3]!.forEach((series, unit) => {
      const quotient = (high[j]![unit]! - low[j]![unit]!) / (2 * step);
      expect(series[j]).toBeCloseTo(quotient, 5);
    });
  });
});

test("inputSlopes() of a network without any bias is constant on either side of 0, whatever the depth", () => {
  const inputs = along(16).map(([t]) => [t!]);
  const { slopes } = inputSlopes(inputs, [1], { depth: 6, width: 12, seed: 2 });
  for (const series of slopes[6]!)
    expect(new Set([...series].map((value) => value.toFixed(9))).size).toBeLessThanOrEqual(2);
});

test("inputSlopes() shatters with batch norm, keeps its correlation with a shortcut, and hardly feels its input where biases drown it", () => {
  const inputs = along(96);
  const neighbours = (options: Partial<InputSlopesOptions>) => {
    const { slopes } = inputSlopes(inputs, [1, 0], { depth: 14, width: 32, seed: 1, ...options });
    return slopes[14]!.reduce((sum, series) => sum + autocorrelation(series)[1]!, 0) / 32;
  };
  const shattered = neighbours({ norm: true });
  expect(shattered).toBeLessThan(0.2);
  expect(neighbours({ norm: true, shortcut: true })).toBeGreaterThan(shattered + 0.4);
  expect(neighbours({ gain: 1, biasVariance: 1 })).toBeGreaterThan(0.9);
});

test("inputSlopes() has a quarter of the units active for both of two independent inputs where a batch norm stands, and more and more without", () => {
  const stream = randomStream(9, "inputs");
  const inputs = Array.from({ length: 24 }, () => [...Array.from({ length: 40 }, () => stream.normal()), 0]);
  const direction = inputs[0]!.map((_, i) => (i === 40 ? 1 : 0));
  const options = { depth: 10, width: 64, seed: 3 };
  const normed = inputSlopes(inputs, direction, { ...options, norm: true });
  const bare = inputSlopes(inputs, direction, options);
  expect(normed.bothActive[9]).toBeGreaterThan(0.22);
  expect(normed.bothActive[9]).toBeLessThan(0.27);
  expect(bare.bothActive[9]).toBeGreaterThan(0.3);
  expect(Math.abs(pairCorrelation(normed.slopes[10]!))).toBeLessThan(0.04);
});

test("inputSlopes() refuses inputs that do not fit the direction", () => {
  const options = { depth: 1, width: 2, seed: 1 };
  expect(() => inputSlopes([[1], [2]], [1, 0], options)).toThrow(/2 numbers/);
  expect(() => inputSlopes([[1]], [1], options)).toThrow(/two inputs/);
});
