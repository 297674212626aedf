import { expect, test } from "vitest";
import { randomStream } from "../random/index.js";
import { autocorrelation, pairCorrelation } from "./autocorrelation.js";

test("autocorrelation() of a short series, by hand", () => {
  // The mean is 3; centred -2, -1, 0, 3 with squares 14. Lag 1: 2 + 0 + 0. Lag 2: 0 - 3. Lag 3: -6.
  [1, 2 / 14, -3 / 14, -6 / 14].forEach((value, lag) => {
    expect(autocorrelation([1, 2, 3, 6])[lag]).toBeCloseTo(value, 14);
  });
});

test("autocorrelation() does not change when the series is shifted or scaled", () => {
  const stream = randomStream(3, "series");
  const series = Array.from({ length: 40 }, () => stream.normal());
  const moved = autocorrelation(series.map((value) => 7 - 3 * value));
  autocorrelation(series).forEach((value, lag) => {
    expect(moved[lag]).toBeCloseTo(value, 12);
  });
});

test("autocorrelation() is flat for white noise and falls slowly for a random walk", () => {
  const n = 4000;
  const stream = randomStream(5, "noise");
  const white = Array.from({ length: n }, () => stream.normal());
  let sum = 0;
  const brown = white.map((step) => (sum += step));
  const lags = autocorrelation(white).slice(1, 200);
  const spread = Math.sqrt(lags.reduce((total, value) => total + value ** 2, 0) / lags.length);
  expect(spread * Math.sqrt(n)).toBeGreaterThan(0.8);
  expect(spread * Math.sqrt(n)).toBeLessThan(1.2);
  expect(autocorrelation(brown)[40]).toBeGreaterThan(0.8);
});

test("autocorrelation() refuses a series that has none", () => {
  expect(() => autocorrelation([1])).toThrow(/two samples/);
  expect(() => autocorrelation([2, 2, 2])).toThrow(/change/);
  expect(() => autocorrelation([2, NaN, 2])).toThrow(/finite/);
});

test("pairCorrelation() is the mean over all pairs", () => {
  const series = [[1, 2, -1], [0.5, -2, 3]]; // prettier-ignore
  const pairs = [[0, 1], [0, 2], [1, 2]] as const; // prettier-ignore
  const product = series.flatMap((one) => pairs.map(([i, j]) => one[i]! * one[j]!));
  const square = series.flat().map((value) => value ** 2);
  const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length;
  expect(pairCorrelation(series)).toBeCloseTo(mean(product) / mean(square), 14);
});

test("pairCorrelation() refuses what has no pairs", () => {
  expect(() => pairCorrelation([])).toThrow(/none/);
  expect(() => pairCorrelation([[1, 2], [1]])).toThrow(/one length/);
  expect(() => pairCorrelation([[0, 0]])).toThrow(/not all 0/);
});
