// What a user of Keras or PyTorch reaches for beside the loop: predictions, named metrics, weights by name, freezing, averages that resume.
import * as tf from "@tensorflow/tfjs-core";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { ready } from "../runtime/index.js";
import { adam } from "./adam.js";
import { evaluate, topK } from "./evaluate.js";
import { fit } from "./fit.js";
import { crossEntropy, meanSquaredError } from "./loss.js";
import { freeze, parameter, unfreeze } from "./parameters.js";
import type { FitOptions } from "./plan.js";
import { predict } from "./predict.js";
import { constant } from "./schedule.js";
import { sgd } from "./sgd.js";
import { smallModel, stripes } from "./small-model.fixture.js";
import { assignWeights, readWeights, weightsOf, type Weights } from "./weights.js";

let folder: string;
let model: ReturnType<typeof smallModel>;
const source = stripes();

beforeAll(async () => {
  await ready();
  folder = await mkdtemp(join(tmpdir(), "residual-conveniences-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(() => {
  model = smallModel(1);
});
afterEach(() => {
  model.dispose();
});

const quiet = { batchSize: 4, compile: false, progress: "none", schedule: constant(0.01) } as const;

/** Every number of a model. */
const numbers = ({ tensors }: Weights) => [...tensors.values()].flatMap(({ data }) => Array.from(data));

test("predict() gives the class and the probabilities of each image in order, whatever the batch", async () => {
  const before = tf.memory().numTensors;
  const all = await predict(model, source);
  const few = await predict(model, source, { batchSize: 5 });
  expect(tf.memory().numTensors).toBe(before);
  expect([...few.labels]).toEqual([...all.labels]);
  expect(all.probabilities).toHaveLength(source.size);
  let right = 0;
  for (const [i, probabilities] of all.probabilities.entries()) {
    expect(probabilities.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 5);
    expect(probabilities.indexOf(probabilities.toSorted().at(-1)!)).toBe(all.labels[i]);
    const { images, labels } = source.batch(Int32Array.of(i));
    if ((await labels.data())[0] === all.labels[i]) right++;
    tf.dispose([images, labels]);
  }
  const { accuracy } = await evaluate(model, source);
  expect(right / source.size).toBeCloseTo(accuracy, 6);
});

test("evaluate() gives each metric under its name, a mean over all images", async () => {
  const { loss, accuracy, top1, top2, top3, confidence } = await evaluate(model, source, {
    batchSize: 5,
    metrics: {
      top1: topK(1),
      top2: topK(2),
      top3: topK(3),
      confidence: (logits) => tf.max(tf.softmax(logits), 1),
    },
  });
  expect(top1).toBeCloseTo(accuracy, 6);
  expect(top3).toBe(1);
  expect(top2).toBeGreaterThanOrEqual(top1);
  const { probabilities, labels } = await predict(model, source);
  const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;
  expect(confidence).toBeCloseTo(mean(probabilities.map((one, i) => one[labels[i]!]!)), 5);
  expect(loss).toBeGreaterThan(0);
});

test("topK() and the accuracy count no NaN as right, and infinity as the number that it is", async () => {
  const of = async (k: number, rows: number[][], labels: number[]) => [
    ...(await topK(k)(tf.tensor2d(rows), tf.tensor1d(labels, "int32")).data()),
  ];
  expect(await of(1, [[NaN, NaN], [NaN, 1], [1, NaN], [2, 1]], [1, 1, 0, 0])).toEqual([0, 0, 0, 1]); // prettier-ignore
  expect(await of(5, [[NaN, NaN], [1, NaN]], [1, 0])).toEqual([0, 1]); // prettier-ignore
  const rows = [[5, 1, -Infinity], [5, 1, Infinity], [-Infinity, 0, 1]]; // prettier-ignore
  expect(await of(1, rows, [1, 2, 0])).toEqual([0, 1, 0]);
  expect(await of(2, rows, [1, 0, 0])).toEqual([1, 1, 0]);
  const forward = (x: tf.Tensor4D) => tf.fill<tf.Rank.R2>([x.shape[0], 3], NaN);
  const broken = { forward, variables: () => [], spec: model.spec, inputShape: model.inputShape, classes: 3 };
  expect((await evaluate(broken, source)).accuracy).toBe(0);
});

test("topK() counts the label's place among the logits; equal ones in the order of the classes", async () => {
  const logits = tf.tensor2d([[3, 1, 2], [1, 1, 1], [0, 5, 4]]); // prettier-ignore
  const labels = tf.tensor1d([2, 1, 0], "int32");
  for (const [k, expected] of [
    [1, [0, 0, 0]],
    [2, [1, 1, 0]],
    [3, [1, 1, 1]],
  ] as const) {
    // prettier-ignore
    const values = topK(k)(logits, labels);
    expect([...(await values.data())]).toEqual(expected);
    values.dispose();
  }
  tf.dispose([logits, labels]);
  expect(() => topK(0)).toThrow("topK: k must be a whole number of at least 1; got 0");
});

test("evaluate() refuses a metric without one value for each image, without a function, or of a taken name", async () => {
  const measure = (metrics: object) => evaluate(model, source, { batchSize: 4, metrics: metrics as never });
  await expect(measure({ all: (logits: tf.Tensor) => tf.mean(logits) })).rejects.toThrow("metrics.all must give one value for each of the 4 images, shape [4]; got []"); // prettier-ignore
  await expect(measure({ top: 5 })).rejects.toThrow(
    "metrics.top must be a function, such as train.topK(5); got 5",
  );
  await expect(measure({ loss: topK(1) })).rejects.toThrow("loss is always there");
});

test("fit() refuses a loss that is a mean over the batch", async () => {
  const loss = { description: { loss: "mean" }, perImage: () => tf.scalar(1) as unknown as tf.Tensor1D };
  await expect(fit(model, source, { ...quiet, steps: 1, loss })).rejects.toThrow(
    "a loss must give one value for each of the 4 images",
  );
});

test("parameter() gives the variable of a name, and names the nearest where there is none", async () => {
  expect(await parameter(model, "head.bias").data()).toHaveLength(model.classes);
  expect(() => parameter(model, "heed.bias")).toThrow('got "heed.bias": is head.bias meant?');
});

test("fit() refuses what is frozen or unfrozen while it trains, and says that all is frozen", async () => {
  for (const change of [freeze, unfreeze]) {
    unfreeze(model);
    if (change === unfreeze) freeze(model, "stem");
    const onStep = ({ step }: { step: number }): void => {
      if (step === 2) change(model, "stem");
    };
    await expect(fit(model, source, { ...quiet, steps: 4, onStep })).rejects.toThrow(
      `what is frozen must stay so during fit; stem.weight was ${change === freeze ? "frozen" : "unfrozen"} before step 3`,
    );
  }
  freeze(model);
  await expect(fit(model, source, { ...quiet, steps: 1 })).rejects.toThrow("has none: all are frozen");
});

test("freeze() keeps a layer from being trained, and unfreeze() undoes it", async () => {
  expect(freeze(model, "stem", "head.bias")).toEqual(["stem.weight", "stem.norm.scale", "stem.norm.shift", "head.bias"]); // prettier-ignore
  const before = await weightsOf(model);
  await fit(model, source, { ...quiet, steps: 2 });
  const after = await weightsOf(model);
  const same = [...before.tensors].flatMap(([name, { data }]) => (String(after.tensors.get(name)!.data) === String(data) ? [name] : [])); // prettier-ignore
  expect(same).toEqual(["stem.weight", "stem.norm.scale", "stem.norm.shift", "head.bias"]);
  expect(unfreeze(model, "stem")).toEqual(["head.bias"]);
  expect(unfreeze(model)).toEqual([]);
  expect(freeze(model)).not.toContain("stem.norm.mean");
  expect(() => freeze(model, "steam")).toThrow('got "steam": is stem meant?');
});

test("assignWeights() gives a model another one's weights, all of them or none", async () => {
  const other = smallModel(2);
  const weights = await weightsOf(other);
  assignWeights(model, weights);
  expect(numbers(await weightsOf(model))).toEqual(numbers(weights));
  const fewer = new Map([...weights.tensors].slice(1));
  expect(() => {
    assignWeights(model, { ...weights, tensors: fewer });
  }).toThrow("assignWeights: tensor");
  other.dispose();
});

test("fit() takes adam's memory, the clipping and the average up from a checkpoint, bit for bit", async () => {
  const options: FitOptions = { ...quiet, optimizer: adam(), clipNorm: 0.5, averageDecay: 0.8 };
  const whole = await fit(model, source, { ...options, steps: 6 });
  const expected = numbers(await weightsOf(model));
  const again = smallModel(1);
  const checkpoint = { path: join(folder, "run.safetensors") };
  await fit(again, source, { ...options, steps: 3, checkpoint });
  again.dispose();
  const resumed = smallModel(1);
  const rest = await fit(resumed, source, { ...options, steps: 6, checkpoint });
  expect(rest.resumedFrom).toBe(3);
  expect(numbers(await weightsOf(resumed))).toEqual(expected);
  expect(numbers(rest.average!)).toEqual(numbers(whole.average!));
  expect([...(await readWeights(checkpoint.path)).tensors.keys()]).toEqual([
    ...whole.average!.tensors.keys(),
  ]);
  resumed.dispose();
});

test("fit() does not take up the run of another loss, clipping or average", async () => {
  const path = join(folder, "other.safetensors");
  const run = async (options: Partial<FitOptions>) => {
    const one = smallModel(1);
    try {
      await fit(one, source, { ...quiet, steps: 2, checkpoint: { path }, ...options });
    } finally {
      one.dispose();
    }
  };
  await run({ loss: crossEntropy({ labelSmoothing: 0.1 }) });
  await run({ loss: crossEntropy({ labelSmoothing: 0.1 }) });
  const same = {
    description: { loss: "crossEntropy", labelSmoothing: 0.1 },
    perImage: meanSquaredError().perImage,
  };
  for (const options of [
    {},
    { loss: crossEntropy({ labelSmoothing: 0.2 }) },
    { loss: same },
    { loss: crossEntropy({ labelSmoothing: 0.1 }), clipNorm: 1 },
    { loss: crossEntropy({ labelSmoothing: 0.1 }), adaptiveClip: 0.1 },
    { loss: crossEntropy({ labelSmoothing: 0.1 }), averageDecay: 0.9 },
  ])
    await expect(run(options)).rejects.toThrow("another run's checkpoint");
});

test("fit() with adaptiveClip shortens each unit's gradient to a share of its weights, and leaves the classifier and what is no weight alone", async () => {
  const schedule = constant(1); // with neither momentum nor decay an update is the gradient itself
  const options: FitOptions = {
    ...quiet,
    schedule,
    optimizer: sgd({ momentum: 0, weightDecay: 0 }),
    steps: 1,
  };
  /** By variable: the weights before, and the gradient that the update took away. */
  const updateBy = async (more: FitOptions) => {
    const one = smallModel(1);
    const unit = one.variables().find(({ name }) => name === "unit.weight")!.variable;
    // A unit without weights yet counts as one of 0.001.
    unit.assign(tf.tidy(() => tf.mul(unit, tf.tensor1d([1, 0, 1, 1]))));
    const before = await weightsOf(one);
    await fit(one, source, { ...options, ...more });
    const after = await weightsOf(one);
    one.dispose();
    return new Map(
      [...before.tensors].map(([name, { data }]) => {
        const { data: moved } = after.tensors.get(name)!;
        return [name, { weights: [...data], taken: Array.from(data, (value, i) => value - moved[i]!) }];
      }),
    );
  };
  const most = 0.02;
  const [free, clipped] = [await updateBy({}), await updateBy({ adaptiveClip: most })];
  const ofUnit = (values: readonly number[], units: number, k: number) => values.filter((_, i) => i % units === k); // prettier-ignore
  let shortened = 0;
  for (const [name, { weights, taken }] of free) {
    const units = name === "stem.weight" || name === "unit.weight" ? 4 : 0;
    if (units === 0) expect(clipped.get(name)!.taken, name).toEqual(taken);
    for (let k = 0; k < units; k++) {
      const gradient = ofUnit(taken, units, k);
      const allowed = most * Math.max(Math.hypot(...ofUnit(weights, units, k)), 1e-3);
      const factor = Math.min(1, allowed / Math.hypot(...gradient));
      if (factor < 0.9) shortened++;
      const got = ofUnit(clipped.get(name)!.taken, units, k);
      got.forEach((value, i) => {
        expect(value, `${name}, unit ${k}`).toBeCloseTo(factor * gradient[i]!, 6);
      });
    }
  }
  expect(shortened).toBeGreaterThan(2);
});

test("fit() says what clipNorm, adaptiveClip and averageDecay may be", async () => {
  for (const value of [0, -1, Infinity])
    for (const option of ["clipNorm", "adaptiveClip"])
      await expect(fit(model, source, { ...quiet, steps: 1, [option]: value })).rejects.toThrow(`${option} must be a finite number above 0; got ${value}`); // prettier-ignore
  await expect(fit(model, source, { ...quiet, steps: 1, averageDecay: 1.5 })).rejects.toThrow("averageDecay must be a number from 0 to 1; got 1.5"); // prettier-ignore
});
