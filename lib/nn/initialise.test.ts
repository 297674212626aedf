import { beforeAll, expect, test } from "vitest";
import { ready } from "../runtime/index.js";
import { valuesOf } from "../runtime/kernels/float64.fixture.js";
import { batchNorm } from "./batch-norm.js";
import { conv2d } from "./conv2d.js";
import { dense } from "./dense.js";
import type { Layer } from "./layer.js";
import { initialise, type InitialiseOptions } from "./initialise.js";
import { sequential } from "./sequential.js";

beforeAll(async () => {
  await ready();
});

async function initialWeights(layer: Layer, options: InitialiseOptions): Promise<number[]> {
  initialise(layer, options);
  const values = await valuesOf(layer.parameters()[0]!.parameter.variable);
  for (const { parameter } of layer.parameters()) parameter.dispose();
  return values;
}

/** Mean, standard deviation and kurtosis (3 for a normal distribution). */
function moments(values: readonly number[]): { mean: number; deviation: number; kurtosis: number } {
  const average = (f: (value: number) => number) => values.reduce((sum, v) => sum + f(v), 0) / values.length;
  const mean = average((v) => v);
  const variance = average((v) => (v - mean) ** 2);
  return {
    mean,
    deviation: Math.sqrt(variance),
    kurtosis: average((v) => (v - mean) ** 4) / variance ** 2,
  };
}

test.each([
  { initialisation: undefined, layer: () => conv2d(16, 64), deviation: Math.sqrt(2 / (9 * 16)) },
  { initialisation: "fanIn", layer: () => conv2d(16, 64), deviation: Math.sqrt(2 / (9 * 16)) },
  { initialisation: "fanOut", layer: () => conv2d(16, 64), deviation: Math.sqrt(2 / (9 * 64)) },
  { initialisation: "fanIn", layer: () => dense(64, 100), deviation: Math.sqrt(1 / 64) },
  { initialisation: "fanOut", layer: () => dense(64, 100), deviation: Math.sqrt(1 / 64) },
] as const)(
  "initialise() draws He's normal, $initialisation, deviation $deviation",
  async ({ layer, deviation, initialisation }) => {
    const values = await initialWeights(layer(), { seed: 3, ...(initialisation && { initialisation }) });
    const found = moments(values);
    // Four standard errors of n draws: deviation / sqrt(n), deviation / sqrt(2n), sqrt(24 / n).
    const n = values.length;
    expect(Math.abs(found.mean)).toBeLessThan((4 * deviation) / Math.sqrt(n));
    expect(Math.abs(found.deviation / deviation - 1)).toBeLessThan(4 / Math.sqrt(2 * n));
    expect(Math.abs(found.kurtosis - 3)).toBeLessThan(4 * Math.sqrt(24 / n));
  },
);

test("initialise() gives the same values for the same seed and name, and others for another", async () => {
  const layer = () => sequential({ conv1: conv2d(2, 3) });
  const first = await initialWeights(layer(), { seed: 1 });
  expect(await initialWeights(layer(), { seed: 1 })).toEqual(first);
  expect(await initialWeights(layer(), { seed: 2 })).not.toEqual(first);
  expect(await initialWeights(sequential({ conv2: conv2d(2, 3) }), { seed: 1 })).not.toEqual(first);
});

test("initialise() refuses a layer that has values, which would leak them", () => {
  const layer = conv2d(1, 1);
  initialise(layer, { seed: 1 });
  expect(() => {
    initialise(layer, { seed: 1 });
  }).toThrow("a parameter must be empty to be initialised; this weight has values: dispose it first");
});

test("initialise() makes trained variables trainable and statistics not", () => {
  const layer = batchNorm(2);
  initialise(layer, { seed: 1 });
  const trainable = layer.parameters().map(({ name, parameter }) => [name, parameter.variable.trainable]);
  expect(Object.fromEntries(trainable)).toEqual({ scale: true, shift: true, mean: false, variance: false });
});
