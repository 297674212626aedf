// Networks whose variables share storage: a copy and its original train apart, compiled and not, bit for bit.
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { cifarResNet, copyWeights, deepenByIdentity, type Network } from "../nn/index.js";
import { ready } from "../runtime/index.js";
import { fit } from "./fit.js";
import { stripes, valuesOf } from "./small-model.fixture.js";

beforeAll(async () => {
  await ready();
});

const options = { inputShape: [8, 8, 1], classes: 3, widths: [2, 4, 6] } as const;
const network = (seed: number): Network => cifarResNet({ ...options, depth: 8, seed });
const source = stripes({ size: 24 });

async function losses(model: Network, compiled: boolean): Promise<readonly number[]> {
  const { stepLosses } = await fit(model, source, {
    steps: 30,
    batchSize: 12,
    progress: "none",
    stepLosses: true,
    compile: compiled ? {} : false,
  });
  return stepLosses!;
}

/** Runs the program compiled and not; both must see the same, and leave no tensor behind. */
async function bothWays(program: (compiled: boolean) => Promise<unknown>): Promise<void> {
  const before = tf.memory().numTensors;
  const seen = [await program(true), await program(false)];
  expect(seen[0]).toEqual(seen[1]);
  expect(tf.memory().numTensors).toBe(before);
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function expectLearning(seen: readonly number[]): void {
  expect(mean(seen.slice(-6))).toBeLessThan(mean(seen.slice(0, 6)));
}

test.each(["original", "copy"] as const)(
  "copyWeights(), then fit() of the %s: it learns, and the other keeps its weights",
  async (which) => {
    await bothWays(async (compiled) => {
      const [from, to] = [network(1), network(2)];
      copyWeights(from, to);
      const [trained, other] = which === "original" ? [from, to] : [to, from];
      const start = await valuesOf(other);
      const seen = await losses(trained, compiled);
      expectLearning(seen);
      expect(await valuesOf(other)).toEqual(start);
      const values = await valuesOf(trained);
      from.dispose();
      to.dispose();
      return [seen, values];
    });
  },
);

test("copyWeights() between two networks trained in turns gives what each would learn alone", async () => {
  await bothWays(async (compiled) => {
    const [a, b] = [network(1), network(2)];
    const seen: unknown[] = [];
    for (const [from, to] of [
      [a, b],
      [b, a],
      [a, b],
    ] as const) {
      seen.push(await losses(from, compiled));
      copyWeights(from, to);
      seen.push(await losses(to, compiled), await valuesOf(a), await valuesOf(b));
    }
    a.dispose();
    b.dispose();
    return seen;
  });
});

test("deepenByIdentity(), then fit() of the deeper network: the shallow one keeps its weights", async () => {
  await bothWays(async (compiled) => {
    const shallow = cifarResNet({ ...options, depth: 8, shortcut: "none", seed: 1 });
    const deep = deepenByIdentity(shallow, 14);
    const start = await valuesOf(shallow);
    const seen = await losses(deep, compiled);
    expectLearning(seen);
    expect(await valuesOf(shallow)).toEqual(start);
    const values = await valuesOf(deep);
    shallow.dispose();
    deep.dispose();
    return [seen, values];
  });
});

test("tf.variable() of every variable before fit() keeps a snapshot, and the network learns", async () => {
  await bothWays(async (compiled) => {
    const model = network(1);
    const start = await valuesOf(model);
    const snapshot = model
      .variables()
      .map(({ name, variable }) => ({ name, variable: tf.variable(variable) }));
    const seen = await losses(model, compiled);
    expectLearning(seen);
    expect(
      Object.fromEntries(snapshot.map(({ name, variable }) => [name, Array.from(variable.dataSync())])),
    ).toEqual(start);
    const values = await valuesOf(model);
    for (const { variable } of snapshot) variable.dispose();
    model.dispose();
    return [seen, values];
  });
});
