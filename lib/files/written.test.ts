// Whatever the library writes it can read: random models, histories, traces and surfaces, with odd numbers and odd names.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { decodeTrace, encodeTrace } from "../analysis/gradient-trace-file.js";
import type { GradientTrace } from "../analysis/gradient-split.js";
import { ready } from "../runtime/index.js";
import { initialState, restoreCheckpoint, saveCheckpoint } from "../train/checkpoint.js";
import { asJson } from "../train/difference.js";
import { modelIdentity } from "../train/identity.js";
import { constant } from "../train/schedule.js";
import type { Trainable, TrainableVariable } from "../model/trainable.js";
import { loadWeights, readWeights, saveWeights } from "../train/weights.js";

let folder: string;
beforeAll(async () => {
  await ready();
  folder = await mkdtemp(join(tmpdir(), "residual-written-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** float32 numbers as bits: NaN, the infinities, -0 and the smallest among them. */
const odd = fc
  .oneof(fc.float(), fc.constantFrom(NaN, Infinity, -Infinity, -0, 1e-45, 3.4e38))
  .map(Math.fround);
const name = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.constantFrom("", "__proto__", "__metadata__", "constructor", "0", "a/b", "momentum/w", "\ud800", "größe 🙂", "history/stepLosses"),
); // prettier-ignore
const json = fc.dictionary(name, fc.oneof(fc.jsonValue(), odd, fc.array(odd)), { maxKeys: 4 });
const numbers = (size: number) => fc.array(odd, { minLength: size, maxLength: size });
const tensors = fc.array(
  fc.record({ name, size: fc.constantFrom(0, 1, 3, 2000) }).chain(({ name: called, size }) => fc.record({ name: fc.constant(called), values: numbers(size), dtype: fc.constantFrom("float32", "float32", "float32", "int32") })),
  { maxLength: 4 },
); // prettier-ignore

type Tensors = typeof tensors extends fc.Arbitrary<infer T> ? T : never;

/** A model that computes nothing of interest and has these variables. */
function modelOf(parts: Tensors, options: Record<string, unknown>): Trainable & { dispose(): void } {
  const variables = parts.map(({ name: called, values, dtype }): TrainableVariable => ({
    name: called,
    role: "weight",
    variable: tf.tidy(() => tf.variable(tf.tensor1d(values, dtype as "float32"))),
  }));
  return {
    spec: { model: "odd", options },
    inputShape: [1, 1, 1],
    classes: 1,
    variables: () => variables,
    forward: (x) => tf.reshape<tf.Rank.R2>(x, [-1, 1]),
    dispose: () => { tf.dispose(variables.map(({ variable }) => variable)); }, // prettier-ignore
  };
}

const valuesOf = (model: Trainable) =>
  model.variables().map(({ variable }) => Array.from(variable.dataSync()));

/** True where writing was refused; nothing else may be wrong with it. */
async function refused(write: () => unknown): Promise<boolean> {
  try {
    await write();
    return false;
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
    return true;
  }
}

test("saveWeights() writes what readWeights() and loadWeights() read back bit for bit, or refuses it", async () => {
  const path = join(folder, "größe 🙂.safetensors");
  await fc.assert(
    fc.asyncProperty(tensors, json, async (parts, options) => {
      const [model, other] = [modelOf(parts, options), modelOf(parts.map((part) => ({ ...part, values: part.values.map(() => 7) })), options)]; // prettier-ignore
      try {
        if (await refused(() => saveWeights(model, path))) return;
        expect((await readWeights(path)).spec).toEqual({ model: "odd", options: asJson(options) });
        await loadWeights(other, path);
        expect(valuesOf(other)).toEqual(valuesOf(model));
      } finally {
        model.dispose();
        other.dispose();
      }
    }),
  );
});

test("saveCheckpoint() writes what restoreCheckpoint() takes up again, or refuses it", async () => {
  const count = fc.integer({ min: 0, max: 50 });
  const metrics = { loss: odd, accuracy: odd };
  const record = fc.record(
    { epoch: count, step: count, learningRate: odd, ...metrics, seconds: odd, imagesPerSecond: odd, validation: fc.record(metrics) },
    { requiredKeys: ["epoch", "step", "learningRate", "loss", "accuracy", "seconds", "imagesPerSecond"] },
  ); // prettier-ignore
  const sums = fc.record({ loss: odd, correct: odd, images: count, steps: count, seconds: odd, learningRate: odd });
  await fc.assert(
    fc.asyncProperty(tensors, json, fc.array(record), sums, count, fc.boolean(), async (parts, options, history, soFar, step, losses) => {
      const path = join(folder, "run.safetensors");
      await rm(path, { force: true });
      const model = modelOf(parts, options);
      const memory = [{ name: "momentum/w", variable: tf.variable(tf.tensor1d([NaN])) }];
      const run = { path, model, memory, stepLosses: losses, schedule: constant(0.1) };
      const stepLosses = losses ? Array.from({ length: step }, (_, i) => Math.fround(i === 3 ? NaN : i / 7)) : [];
      try {
        const identity = { model: await modelIdentity(model), more: options };
        if (await refused(() => saveCheckpoint(run, identity, { ...initialState(), began: "other", step, history, sums: soFar, stepLosses }))) return;
        const before = valuesOf(model);
        const state = await restoreCheckpoint(run, identity);
        expect(state).toMatchObject({ step, history, sums: soFar, stepLosses });
        expect(valuesOf(model)).toEqual(before);
      } finally {
        model.dispose();
        tf.dispose(memory.map(({ variable }) => variable));
      }
    }),
  );
}); // prettier-ignore

test("encodeTrace() writes what decodeTrace() reads back bit for bit, or refuses it", async () => {
  const unit = fc.record({ name, shortcut: name, size: fc.constantFrom(0, 1, 3) }).chain(({ size, ...rest }) =>
    fc.record({ gradient: numbers(size), carried: numbers(size), residual: numbers(size) }).map((parts) => ({ ...rest, shape: [size], ...(Object.fromEntries(Object.entries(parts).map(([part, values]) => [part, Float32Array.from(values)])) as { gradient: Float32Array; carried: Float32Array; residual: Float32Array }) })),
  ); // prettier-ignore
  const traces = fc.record({
    network: name,
    moment: name,
    topNorm: odd,
    units: fc.array(unit, { maxLength: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(traces, async (trace: GradientTrace) => {
      let bytes: Uint8Array | undefined;
      if (await refused(() => { bytes = encodeTrace(trace); })) return; // prettier-ignore
      expect(decodeTrace(bytes!, "trace")).toEqual(trace);
    }),
  );
});
