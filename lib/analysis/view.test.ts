// Every view of a model is a model: each goes through everything that analysis, training and saving offer for one.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as nn from "../nn/index.js";
import { randomStream } from "../random/index.js";
import { ready } from "../runtime/index.js";
import * as train from "../train/index.js";
import type { BatchSource } from "../model/trainable.js";
import * as analysis from "./index.js";

let folder: string;
beforeAll(async () => {
  await ready();
  folder = await mkdtemp(join(tmpdir(), "residual-views-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const options = { depth: 14, inputShape: [6, 6, 1], classes: 3, widths: [3, 3, 4], seed: 2 } as const;
const residual = () => nn.cifarResNet({ ...options, order: "preActivation" });
const swapped = (model: nn.Model) => analysis.withUnitOrder(model, analysis.swappedOrder(model, 1, 1));

const views: Readonly<Record<string, () => nn.Model>> = {
  "the network itself": residual,
  "without a unit": () => analysis.withoutUnits(residual(), ["stage1.unit2"]),
  "without a unit that changes the shape": () => analysis.withoutUnits(residual(), ["stage3.unit1"]),
  reordered: () => swapped(residual()),
  "refined by Euler's method": () => analysis.eulerRefined(residual(), 3),
  "a view of a view of a view": () => analysis.withoutUnits(swapped(analysis.eulerRefined(residual(), 2)), ["stage1.unit1.step2"]), // prettier-ignore
  "a plain net without a unit": () => analysis.withoutUnits(nn.plainNet(options), ["stage1.unit2"]),
  "with stochastic depth, without a unit": () => analysis.withoutUnits(nn.cifarResNet({ ...options, gate: { kind: "stochasticDepth", lastSurvival: 0.5 } }), ["stage1.unit2"]), // prettier-ignore
};

const source: BatchSource = {
  name: "noise",
  size: 8,
  imageShape: [6, 6, 1],
  classes: ["a", "b", "c"],
  batch(indices) {
    const pixels = (index: number) => {
      const stream = randomStream(1, "noise", index);
      return Array.from({ length: 36 }, () => stream.normal());
    };
    return {
      images: tf.tensor4d(Float32Array.from(Array.from(indices).flatMap(pixels)), [indices.length, 6, 6, 1]),
      labels: tf.tensor1d(indices.map((index) => index % 3), "int32"), // prettier-ignore
    };
  },
};
const batch = () => source.batch(Int32Array.of(0, 1, 2, 3));
const isPlain = (model: nn.Model) => model.units.some(({ unit }) => !unit.shortcut);
const isRandom = (model: nn.Model) => model.units.some(({ unit }) => unit.gate);

/** What each function of analysis does with a model, and what must hold; `undefined`: it takes none. */
const functions: Readonly<Record<keyof typeof analysis, ((model: nn.Model) => unknown) | undefined>> = {
  costOf(model) {
    const trained = model.variables().filter(({ role }) => role !== "statistic");
    const size = trained.reduce((sum, { variable }) => sum + variable.size, 0);
    const { parameters } = analysis.costOf(model);
    expect(parameters).toBe(size);
  },
  costTable(model) {
    expect(analysis.costTable([model, model]).text).toContain(model.name);
  },
  signalsThroughDepth: async (model) => {
    const { images, labels } = batch();
    const signals = await analysis.signalsThroughDepth(model, images, labels);
    expect(signals.map(({ name }) => name)).toEqual(model.units.map(({ name }) => name));
    expect(signals.every(({ deviation, gradientNorm }) => deviation > 0 && gradientNorm > 0)).toBe(true);
  },
  splitGradients: async (model) => {
    const { images, labels } = batch();
    const split = analysis.splitGradients(model, images, labels);
    if (isRandom(model)) return expect(split).rejects.toThrow("draws at random");
    const { units } = await split;
    expect(units.map(({ name }) => name)).toEqual(model.units.map(({ name }) => name));
  },
  traceGradients: async (model) => {
    const { images, labels } = batch();
    const trace = analysis.traceGradients(model, images, labels);
    if (isRandom(model)) return expect(trace).rejects.toThrow("draws at random");
    const { units } = await trace;
    expect(units).toHaveLength(model.units.length);
  },
  forwardSum: async (model) => {
    const report = await analysis.forwardSum(model, batch().images);
    if (model.spec.options["order"] === "preActivation") expect(report.holds).toBe(true);
  },
  backwardOne: async (model) => {
    const { images, labels } = batch();
    const identity = analysis.backwardOne(model, images, labels);
    if (isRandom(model)) return expect(identity).rejects.toThrow("draws at random");
    const report = await identity;
    if (model.spec.options["order"] === "preActivation") expect(report.holds).toBe(true);
  },
  gradientByPathLength: async (model) => {
    const { images, labels } = batch();
    const lengths = analysis.gradientByPathLength(model, images, labels);
    if (isPlain(model)) return expect(lengths).rejects.toThrow("is plain");
    expect((await lengths).reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 4);
  },
  layerResponses: async (model) => {
    const responses = await analysis.layerResponses(model, batch().images);
    expect(responses).toHaveLength(1 + 2 * model.units.length); // and the stem's
  },
  lossSurface: async (model) => {
    const direction = await analysis.randomDirection(model, 1);
    const { losses } = await analysis.lossSurface(model, source, [direction], { steps: [0, 1], progress: "none" }); // prettier-ignore
    expect(losses[0]![0]).toBe((await train.evaluate(model, source)).loss);
  },
  randomDirection: async (model) => {
    const direction = await analysis.randomDirection(model, 1);
    const weights = model.variables().filter(({ role }) => role === "weight");
    expect([...direction.keys()]).toEqual(weights.map(({ name }) => name));
  },
  directionTo: async (model) => {
    const direction = await analysis.directionTo(model, await analysis.snapshot(model));
    expect([...direction.values()].every((values) => values.every((value) => value === 0))).toBe(true);
  },
  coordinatesIn: async (model) => {
    const both = [
      await analysis.randomDirection(model, 1),
      await analysis.randomDirection(model, 2),
    ] as const;
    expect(await analysis.coordinatesIn(model, both, await analysis.snapshot(model))).toEqual([0, 0]);
  },
  displaced: async (model) => {
    const direction = await analysis.randomDirection(model, 1);
    await analysis.displaced(model, [[1, direction]], () => train.evaluate(model, source));
  },
  snapshot: async (model) => {
    expect((await analysis.snapshot(model)).size).toBe(model.variables().length);
  },
  trainingPath: async (model) => {
    const snapshots = [];
    for (let step = 0; step < 4; step++) {
      snapshots.push(await analysis.snapshot(model));
      await train.fit(model, source, {
        steps: 1,
        batchSize: 4,
        seed: step,
        compile: false,
        progress: "none",
      });
    }
    expect((await analysis.trainingPath(model, snapshots)).x).toHaveLength(4);
  },
  eulerRefined(model) {
    const places = model.units.filter(({ unit }) => unit.shortcut && unit.change.stride === 1 && unit.change.inChannels === unit.change.outChannels); // prettier-ignore
    if (isPlain(model)) return;
    expect(analysis.eulerRefined(model, 2).units).toHaveLength(model.units.length + places.length);
  },
  withoutUnits(model) {
    const name = model.units[0]!.name;
    expect(analysis.withoutUnits(model, [name]).route).toEqual([
      ...(model.route ?? []),
      { withoutUnits: [name] },
    ]);
  },
  withUnitOrder(model) {
    const names = model.units.map(({ name }) => name);
    const { images } = batch();
    const [same, own] = [analysis.withUnitOrder(model, names), model].map((one) => one.forward(images, { training: false }).dataSync()); // prettier-ignore
    expect(same).toEqual(own);
  },
  swappedOrder(model) {
    if (isPlain(model)) return; // of its units no two have one shape
    expect(analysis.swappedOrder(model, 1, 1)).toHaveLength(model.units.length);
  },
  branchShares: async (model) => {
    const shares = analysis.branchShares(model, batch().images);
    if (model.units.every(({ unit }) => !unit.shortcut)) return expect(shares).rejects.toThrow("shortcut");
    // A unit that is left out, or dropped by stochastic depth, adds nothing.
    expect((await shares).filter(({ share }) => !(share >= 0 && share < 1))).toEqual([]);
    expect((await shares).some(({ share }) => share > 0.1)).toBe(true);
  },
  lineGradients: async (model) => {
    const [from, to] = [tf.zeros<tf.Rank.R3>([6, 6, 1]), tf.ones<tf.Rank.R3>([6, 6, 1])];
    const series = await analysis.lineGradients(model, from, to, { statisticsOf: batch().images, points: 3 });
    expect(series).toHaveLength(36);
    expect(series.some((one) => one.some((value) => value !== 0))).toBe(true);
  },
  autocorrelation: undefined,
  correlationLaw: undefined,
  effectiveDepth: undefined,
  enumeratePaths: undefined,
  equivalence: undefined,
  equivalencePower: undefined,
  inputSlopes: undefined,
  kendallTau: undefined,
  meanInterval: undefined,
  pairCorrelation: undefined,
  pathCounts: undefined,
  readTrace: undefined,
  roughness: undefined,
  runsForEquivalence: undefined,
  saveTrace: undefined,
  shareLaw: undefined,
  splitTrace: undefined,
};

test("every function of analysis is tried on every view", () => {
  expect(Object.keys(functions).sort()).toEqual(Object.keys(analysis).sort());
});

describe.each(Object.entries(views))("%s", (_, make) => {
  test.each(Object.entries(functions).filter(([, use]) => use !== undefined))(
    "analysis.%s()",
    async (_name, use) => {
      // prettier-ignore
      await use!(make());
    },
  );

  test("activations of every part, training, evaluation and saving", async () => {
    const [model, twin] = [make(), make()];
    const { images } = batch();
    const seen: string[] = [];
    model.forward(images, { training: false, observe: (name) => seen.push(name) }).dispose();
    for (const part of Object.keys(model.parts)) expect(seen.filter((name) => name === part)).toHaveLength(1);
    expect(() => model.forward(tf.zeros([1, 5, 5, 1]), { training: false })).toThrow("takes images");
    await train.fit(model, source, { steps: 2, batchSize: 4, progress: "none" });
    const path = join(folder, "view.safetensors");
    await train.saveWeights(model, path);
    await train.loadWeights(twin, path);
    expect(await train.evaluate(twin, source)).toEqual(await train.evaluate(model, source));
    expect(nn.summarise(model).toString()).toContain("head");
  });
});
