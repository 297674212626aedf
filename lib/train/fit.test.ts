import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { randomStream } from "../random/index.js";
import { ready } from "../runtime/index.js";
import { fit } from "./fit.js";
import { LossNotFinite } from "./divergence.js";
import { evaluate } from "./evaluate.js";
import type { FitOptions } from "./plan.js";
import { constant, stepSchedule } from "./schedule.js";
import { sgd } from "./sgd.js";
import { smallModel, stripes, valuesOf } from "./small-model.fixture.js";
import type { BatchSource, Trainable } from "../model/trainable.js";

beforeAll(async () => {
  await ready();
});

const quiet = { progress: "none", stepLosses: true } as const;

/** Trains a new small model and gives what came out, weights included; checks that nothing leaked. */
async function train(options: Partial<FitOptions>, source: BatchSource = stripes()) {
  const before = tf.memory().numTensors;
  const model = smallModel(3);
  const result = await fit(model, source, { ...quiet, batchSize: 20, ...options });
  const values = await valuesOf(model);
  model.dispose();
  expect(tf.memory().numTensors).toBe(before);
  return { ...result, values };
}

test("fit() learns: loss falls, training and validation accuracy rise", async () => {
  const { history, stopped } = await train({ epochs: 12, validation: stripes({ size: 30 }) });
  expect(stopped).toBe(false);
  expect(history[0]!.loss).toBeGreaterThan(history.at(-1)!.loss * 2);
  expect(history.at(-1)!.accuracy).toBeGreaterThan(0.9);
  expect(history.at(-1)!.validation!.accuracy).toBeGreaterThan(0.9);
});

test("fit() one step equals the gradient and update computed without the loop", async () => {
  const source = stripes({ size: 30 });
  const stepped = await train(
    { steps: 1, batchSize: 30, seed: 4, schedule: constant(0.2), optimizer: sgd() },
    source,
  );

  const model = smallModel(3);
  const order = randomStream(4, "shuffle", 0).permutation(30);
  const { images, labels } = source.batch(order, randomStream(4, "augment", 0));
  const variables = model.variables().filter(({ role }) => role !== "statistic");
  const loss = () =>
    tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>(
      tf.oneHot(labels, 3),
      model.forward(images, { training: true }),
    );
  const { value, grads } = tf.variableGrads(loss, variables.map(({ variable }) => variable)); // prettier-ignore
  expect(stepped.stepLosses![0]).toBeCloseTo((await value.data())[0]!, 5);
  for (const { name, variable } of variables) {
    // From rest, the first update is w - r (g + d w).
    const w = await variable.data();
    const g = await grads[variable.name]!.data();
    stepped.values[name]!.forEach((now, i) => {
      expect(now, name).toBeCloseTo(w[i]! - 0.2 * (g[i]! + 1e-4 * w[i]!), 5);
    });
  }
  model.dispose();
  tf.dispose([images, labels, value, ...Object.values(grads)]);
});

test("fit() the same seed gives identical losses and weights; another seed gives others", async () => {
  const [a, b, c] = [
    await train({ epochs: 2 }),
    await train({ epochs: 2 }),
    await train({ epochs: 2, seed: 2 }),
  ];
  expect(a.stepLosses).toEqual(b.stepLosses);
  expect(a.values).toEqual(b.values);
  expect(c.stepLosses).not.toEqual(a.stepLosses);
});

test("fit() shows every image once an epoch in a new order, augments training only, and drops or keeps the rest", async () => {
  const seen: { indices: number[]; augmented: boolean }[] = [];
  const source = stripes({
    size: 50,
    onBatch: (indices, augmented) => seen.push({ indices: [...indices], augmented }),
  });
  await train({ epochs: 2, lastBatch: "keep" }, source);
  expect(seen.map(({ indices }) => indices.length)).toEqual([20, 20, 10, 20, 20, 10]);
  const epochs = [seen.slice(0, 3), seen.slice(3)].map((batches) =>
    batches.flatMap(({ indices }) => indices),
  );
  for (const epoch of epochs) {
    expect([...epoch].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  }
  expect(epochs[0]).not.toEqual(epochs[1]);
  expect(seen.every(({ augmented }) => augmented)).toBe(true);

  seen.length = 0;
  await train({ epochs: 2, lastBatch: "drop", validation: source }, source);
  expect(seen.filter(({ augmented }) => augmented).map(({ indices }) => indices.length)).toEqual([
    20, 20, 20, 20,
  ]);
  expect(seen.filter(({ augmented }) => !augmented).flatMap(({ indices }) => indices)).toHaveLength(100);
});

test("fit() augments each step by its own stream, which the seed and the step name", async () => {
  const source = stripes();
  const drawn: number[] = [];
  const recording: BatchSource = {
    ...source,
    batch(indices, augmentation) {
      drawn.push(augmentation!.uniform());
      return source.batch(indices, augmentation);
    },
  };
  await train({ steps: 6, seed: 5 }, recording);
  expect(drawn).toEqual([0, 1, 2, 3, 4, 5].map((step) => randomStream(5, "augment", step).uniform()));
});

test("fit() history holds the means of its steps, the learning rate, and an epoch that `steps` cuts short", async () => {
  const steps: { loss: number; accuracy: number }[] = [];
  const { history, stepLosses } = await train(
    {
      steps: 7,
      lastBatch: "keep",
      schedule: stepSchedule({ learningRate: 0.1, at: [5] }),
      onStep: ({ step, epoch, learningRate, loss, accuracy }) => {
        expect([step, epoch]).toEqual([steps.length + 1, Math.ceil(step / 3)]);
        expect(learningRate).toBeCloseTo(step <= 5 ? 0.1 : 0.01, 12);
        steps.push({ loss, accuracy });
      },
    },
    stripes({ size: 50 }),
  );
  expect(steps.map(({ loss }) => loss)).toEqual(stepLosses);
  expect(history.map(({ epoch, step }) => [epoch, step])).toEqual([[1, 3], [2, 6], [3, 7]]); // prettier-ignore
  // The third batch of an epoch has 10 images, the others 20.
  const mean = (key: "loss" | "accuracy") =>
    (20 * steps[0]![key] + 20 * steps[1]![key] + 10 * steps[2]![key]) / 50;
  expect(history[0]!.loss).toBeCloseTo(mean("loss"), 10);
  expect(history[0]!.accuracy).toBeCloseTo(mean("accuracy"), 10);
  expect(history[2]!.loss).toBe(steps[6]!.loss);
  expect(history[1]!.learningRate).toBeCloseTo(0.01, 12);
});

test("fit() reading losses every 4 steps gives the same numbers in the same order", async () => {
  const seen: number[] = [];
  const each = await train({ epochs: 3 });
  const late = await train({ epochs: 3, checkEverySteps: 4, onStep: ({ step }) => void seen.push(step) });
  expect(late.stepLosses).toEqual(each.stepLosses);
  expect(late.values).toEqual(each.values);
  expect(seen).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
});

test("fit() stops after the current step on a signal, and on the notebook's interrupt", async () => {
  const controller = new AbortController();
  const options = { epochs: 5, onStep: ({ step }: { step: number }) => { if (step === 6) controller.abort(); } }; // prettier-ignore
  const bySignal = await train({ ...options, signal: controller.signal });
  expect(bySignal).toMatchObject({ stopped: true, steps: 6 });
  expect(bySignal.history).toHaveLength(1);

  const cell = new AbortController();
  const globals = globalThis as Record<symbol, unknown>;
  globals[Symbol.for("residual.signal")] = cell.signal;
  try {
    const byCell = await train({ epochs: 5, onStep: ({ step }) => { if (step === 2) cell.abort(); } }); // prettier-ignore
    expect(byCell).toMatchObject({ stopped: true, steps: 2 });
  } finally {
    Reflect.deleteProperty(globals, Symbol.for("residual.signal"));
  }
});

test("fit() gives the event loop its turn: a timer set in the first step stops the run", async () => {
  const controller = new AbortController();
  const { stopped, steps } = await train({
    epochs: 1000,
    signal: controller.signal,
    onStep: ({ step }) => {
      if (step === 1) setTimeout(() => { controller.abort(); }, 1); // prettier-ignore
    },
  });
  expect(stopped).toBe(true);
  expect(steps).toBeLessThan(1000);
});

test("fit() names step and learning rate when the loss is not finite, and leaks nothing", async () => {
  const before = tf.memory().numTensors;
  const model = smallModel(3);
  const source = stripes();
  const poisoned: BatchSource = {
    ...source,
    batch(indices, augmentation) {
      const { images, labels } = source.batch(indices, augmentation);
      if (!indices.includes(randomStream(1, "shuffle", 0).permutation(96)[45]!)) return { images, labels };
      images.dispose();
      return { images: tf.fill([indices.length, 8, 8, 1], NaN), labels }; // the third batch of 20
    },
  };
  const failing = fit(model, poisoned, { ...quiet, epochs: 1, batchSize: 20, checkEverySteps: 2 });
  await expect(failing).rejects.toThrow(LossNotFinite);
  await expect(failing).rejects.toThrow(
    "the loss must stay finite; it is NaN at step 3 (epoch 1, learning rate 0.1): lower the learning rate",
  );
  model.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test("fit() leaks nothing when a callback or the source throws", async () => {
  const before = tf.memory().numTensors;
  const model = smallModel(3);
  const broken: BatchSource = {
    ...stripes(),
    batch() {
      throw new Error("no images today");
    },
  };
  await expect(fit(model, broken, { ...quiet, epochs: 1, batchSize: 20 })).rejects.toThrow("no images today");
  const onStep = () => Promise.reject(new Error("not now"));
  await expect(
    fit(model, stripes(), { ...quiet, epochs: 1, batchSize: 20, checkEverySteps: 3, onStep }),
  ).rejects.toThrow("not now");
  model.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test("fit() leaves frozen variables alone and refuses one that the logits do not depend on", async () => {
  const model = smallModel(3);
  const stem = model.variables()[0]!;
  stem.variable.trainable = false;
  const before = Array.from(await stem.variable.data());
  await fit(model, stripes(), { ...quiet, steps: 2, batchSize: 20 });
  expect(Array.from(await stem.variable.data())).toEqual(before);

  const unused = tf.tidy(() => tf.variable(tf.zeros([2])));
  const withUnused: Trainable = {
    ...model,
    variables: () => [...model.variables(), { name: "spare.weight", role: "weight", variable: unused }],
  };
  await expect(fit(withUnused, stripes(), { ...quiet, steps: 1, batchSize: 20 })).rejects.toThrow(
    "every trained variable must take part in the loss; spare.weight has no gradient",
  );
  model.dispose();
  unused.dispose();
});

test("fit() and evaluate() refuse a data set where its batches belong, and say how to make them", async () => {
  const model = smallModel(3);
  const dataset = { name: "raw", images: new Uint8Array(4), labels: new Uint8Array(1), imageShape: [2, 2, 1], classes: ["a"] }; // prettier-ignore
  const raw = dataset as unknown as BatchSource;
  const remedy = "data.batches(dataset) makes; got a data set";
  await expect(evaluate(model, raw)).rejects.toThrow(remedy);
  await expect(fit(model, raw, { ...quiet, steps: 1 })).rejects.toThrow(remedy);
  const options = { ...quiet, steps: 1, batchSize: 4 };
  await expect(fit(model, stripes(), { ...options, validation: raw })).rejects.toThrow(remedy);
  await expect(fit(undefined as never, stripes(), options)).rejects.toThrow(
    "a model is what nn's networks are",
  );
  for (const schedule of [0.1, null])
    await expect(fit(model, stripes(), { ...options, schedule: schedule as never })).rejects.toThrow(
      "such as train.constant(0.1); got " + String(schedule),
    );
  for (const optimizer of ["sgd", null])
    await expect(fit(model, stripes(), { ...options, optimizer: optimizer as never })).rejects.toThrow("such as train.sgd()"); // prettier-ignore
  expect(() => sgd({ nesterov: "false" as never })).toThrow('must be true or false; got "false"');
  model.dispose();
});

test("fit() refuses options that break a rule, and says which", async () => {
  const model = smallModel(3);
  const source = stripes({ size: 50 });
  const refusal = (options: Partial<FitOptions>, of: BatchSource = source) =>
    expect(fit(model, of, { ...quiet, epochs: 1, batchSize: 20, ...options })).rejects;
  await refusal({ batchSize: 51 }).toThrow(
    "batchSize must be at most the size of stripes, 50 images; got 51",
  );
  await refusal({ batchSize: 0.5 }).toThrow("batchSize must be a whole number of at least 1; got 0.5");
  await refusal({ epochs: 0 }).toThrow("epochs must be a whole number of at least 1; got 0");
  await refusal({ steps: 3 }).toThrow("give either epochs or steps; got epochs 1 and steps 3");
  await expect(fit(model, source, { ...quiet, batchSize: 20 })).rejects.toThrow(
    "give either epochs or steps; got neither",
  );
  await refusal({ seed: 0.5 }).toThrow("seed must be an integer; got 0.5");
  await refusal({ schedule: { learningRate: () => -1, description: {} } }).toThrow(
    "a schedule must give finite rates of at least 0; after 0 steps it gives -1",
  );
  await refusal({}, { ...source, classes: ["a", "b"] }).toThrow(
    "the model must have one output for each class: small has 3; stripes has 2 classes",
  );
  const wide: BatchSource = { ...source, imageShape: [8, 9, 1] };
  await refusal({}, wide).toThrow(
    "the model's input must have the shape of the images: small takes 8x8x1; stripes has 8x9x1",
  );
  await refusal({ validation: wide }).toThrow("small takes 8x8x1; stripes has 8x9x1");
  model.dispose();
});

test("evaluate() equals the loss and accuracy computed in double precision from the logits", async () => {
  const model = smallModel(3);
  const source = stripes({ size: 50 });
  await fit(model, source, { ...quiet, epochs: 1, batchSize: 20 });
  const before = tf.memory().numTensors;
  const metrics = await evaluate(model, source, { batchSize: 16, progress: "none" });
  expect(tf.memory().numTensors).toBe(before);

  const { images, labels } = source.batch(Int32Array.from({ length: 50 }, (_, i) => i));
  const logits = tf.tidy(() => model.forward(images, { training: false }));
  const rows = await logits.array();
  let [loss, correct] = [0, 0];
  rows.forEach((row, i) => {
    const total = row.reduce((sum, logit) => sum + Math.exp(logit), 0);
    loss -= Math.log(Math.exp(row[i % 3]!) / total) / 50;
    if (row.indexOf(Math.max(...row)) === i % 3) correct++;
  });
  expect(metrics.loss).toBeCloseTo(loss, 5);
  expect(metrics.accuracy).toBe(correct / 50);

  const stopped = evaluate(model, source, {
    signal: AbortSignal.abort(new Error("enough")),
    progress: "none",
  });
  await expect(stopped).rejects.toThrow("enough");
  await expect(evaluate(model, { ...source, size: 0 })).rejects.toThrow(
    "a source must hold at least 1 image; stripes holds 0",
  );
  tf.dispose([images, labels, logits]);
  model.dispose();
});
