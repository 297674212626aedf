import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { decodeSafetensors, encodeSafetensors } from "../files/safetensors.js";
import { ready } from "../runtime/index.js";
import { cifarResNet } from "../nn/cifar.js";
import { fixedGate, type GateFactory } from "../nn/gate.js";
import { shortcuts, type Shortcut } from "../nn/shortcut.js";
import { fit } from "./fit.js";
import type { FitOptions } from "./plan.js";
import { constant } from "./schedule.js";
import { sgd } from "./sgd.js";
import { smallModel, stripes, valuesOf } from "./small-model.fixture.js";
import type { BatchSource, Trainable } from "../model/trainable.js";
import { loadWeights, readWeights, saveWeights } from "./weights.js";

let folder: string;
let path: string;
beforeAll(async () => {
  await ready();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "residual-checkpoint-"));
  path = join(folder, "run.safetensors");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Trains a new small model; the clock's numbers are left out of the history. */
async function train(options: Partial<FitOptions>, modelSeed = 3) {
  const before = tf.memory().numTensors;
  const model = smallModel(modelSeed);
  try {
    const { history, ...result } = await fit(model, stripes(), {
      ...(options.steps === undefined && { epochs: 3 }),
      batchSize: 20,
      progress: "none",
      validation: stripes({ size: 12 }),
      ...options,
    });
    const measured = history.map(({ seconds: _s, imagesPerSecond: _i, ...rest }) => rest); // eslint-disable-line @typescript-eslint/no-unused-vars
    return { ...result, history: measured, values: await valuesOf(model) };
  } finally {
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  }
}

/** As `train`, stopped after every `every` steps and taken up again. */
async function trainInPieces(every: number, options: Partial<FitOptions>) {
  for (;;) {
    const controller = new AbortController();
    let count = 0;
    const onStep = () => {
      if (++count === every) controller.abort();
    };
    const result = await train({ ...options, checkpoint: { path }, signal: controller.signal, onStep });
    if (!result.stopped) return result;
  }
}

test.each([
  [1, {}],
  [4, { stepLosses: true }], // the end of an epoch, before its validation
  [5, { steps: 11, optimizer: sgd({ nesterov: true, decay: "weights-only" }) }], // ends within an epoch
  [3, { optimizer: sgd({ momentum: 0 }), checkEverySteps: 2 }],
] as const)(
  "fit() stopped every %i steps and resumed equals a run never stopped: %o",
  async (every, options) => {
    const whole = await train(options);
    const pieces = await trainInPieces(every, options);
    expect(pieces.resumedFrom).toBeGreaterThan(0);
    expect({ ...pieces, resumedFrom: 0 }).toEqual(whole);
  },
);

test("fit() does not train a finished run again, and goes on if it is given more steps", async () => {
  const finished = await train({ steps: 6, checkpoint: { path } });
  let steps = 0;
  const again = await train({ steps: 6, checkpoint: { path }, onStep: () => { steps++; } }); // prettier-ignore
  expect(steps).toBe(0);
  expect(again).toEqual({ ...finished, resumedFrom: 6 });
  const longer = await train({ steps: 12, checkpoint: { path } });
  expect(longer).toEqual({ ...(await train({ steps: 12 })), resumedFrom: 6 });
  await expect(train({ steps: 6, checkpoint: { path } })).rejects.toThrow(
    `${path}: a run must not end before its checkpoint: it ends at step 6, the checkpoint is of step 12`,
  );
});

/** A small model that is another one in what its spec and weights do not tell. */
const changedModel = (change: object) => {
  const model = smallModel(3);
  return { ...model, ...change };
};

test("fit() refuses the checkpoint of a run whose images, augmentation, validation, route, frozen variables or first weights differ", async () => {
  const options = {
    steps: 2,
    batchSize: 20,
    progress: "none",
    compile: false,
    checkpoint: { path },
  } as const;
  const start = (model: Trainable, source: BatchSource, more: object = {}) => fit(model, source, { ...options, ...more }); // prettier-ignore
  await start(smallModel(3), stripes());
  const before = await readFile(path);
  const brighter = (augmented: boolean, by: number): BatchSource => ({
    ...stripes(),
    batch(indices, stream) {
      const { images, labels } = stripes().batch(indices, stream);
      if ((stream !== undefined) !== augmented) return { images, labels };
      const result = tf.mul<tf.Tensor4D>(images, by);
      images.dispose();
      return { images: result, labels };
    },
  });
  const relabelled: BatchSource = {
    ...stripes(),
    batch(indices, stream) {
      const { images, labels } = stripes().batch(indices, stream);
      labels.dispose();
      return { images, labels: tf.tensor1d(indices.map((index) => (index + 1) % 3), "int32") }; // prettier-ignore
    },
  };
  const frozen = smallModel(3);
  frozen.variables()[0]!.variable.trainable = false;
  const moved = smallModel(3);
  moved.variables()[0]!.variable.assign(tf.mul(moved.variables()[0]!.variable, 1.001));
  const refusals: [model: Trainable, source: BatchSource, more: object, place: string][] = [
    [smallModel(3), brighter(false, 1.01), {}, "data.images"],
    [smallModel(3), brighter(true, 1.01), {}, "data.augmented"],
    [smallModel(3), relabelled, {}, "data.images"],
    [smallModel(3), { ...stripes(), name: "other" }, {}, "data.name"],
    [smallModel(3), stripes(), { validation: stripes({ size: 12 }) }, "validation"],
    [changedModel({ route: [{ withoutUnits: ["unit"] }] }), stripes(), {}, "model.route"],
    [frozen, stripes(), {}, "model.frozen.0"],
    [moved, stripes(), {}, "the weights must be those that its run began with"],
    [smallModel(3), stripes(), { optimizer: { ...sgd(), description: { optimizer: "mine", factor: Infinity } } }, "optimizer.optimizer"], // prettier-ignore
  ];
  for (const [model, source, more, place] of refusals) {
    await expect(start(model, source, { steps: 4, ...more })).rejects.toThrow(place);
    expect(await readFile(path)).toEqual(before);
  }
  // As it began, and as it is after the run that the file holds.
  const again = smallModel(3);
  expect((await start(again, stripes())).resumedFrom).toBe(2);
  expect((await start(again, stripes(), { steps: 3 })).resumedFrom).toBe(2);
});

test("fit() saves no run of a model with a part of the caller's own without a name, and tells two by their names", async () => {
  const custom = (name?: string) => {
    const part: Shortcut = (change) => shortcuts.A(change);
    return cifarResNet({ depth: 8, widths: [2, 2, 2], inputShape: [8, 8, 1], classes: 3, shortcut: name === undefined ? part : { name, part } }); // prettier-ignore
  };
  const options = { steps: 1, batchSize: 20, progress: "none", compile: false } as const;
  await fit(custom(), stripes(), options);
  await expect(fit(custom(), stripes(), { ...options, checkpoint: { path } })).rejects.toThrow(
    'a shortcut of your own needs a name before a run or a surface with it can be saved, since another shortcut could not be told from it; give { name: "...", part: yourOwn } as the option shortcut',
  );
  await fit(custom("mine"), stripes(), { ...options, checkpoint: { path } });
  await expect(fit(custom("other"), stripes(), { ...options, checkpoint: { path } })).rejects.toThrow(
    'its model.options.shortcut is "custom: mine", this run\'s is "custom: other"',
  );
  expect(() => custom(" ")).toThrow("the name of a shortcut of your own must have 1 to 60 characters");
});

test("fit() tells apart two parts, optimizers and schedules of one name whose code differs", async () => {
  const scaled = (factor: number) => {
    // The number comes from outside, so that the two functions have one text.
    const part: GateFactory = () => fixedGate("scaled", 1, () => ({ shortcut: factor }));
    return cifarResNet({ depth: 8, widths: [2, 2, 2], inputShape: [8, 8, 1], classes: 3, gate: { name: "scaled", part } }); // prettier-ignore
  };
  const inTraining = (factor: number) => {
    const part: GateFactory = () =>
      fixedGate("scaled", 1, ({ training }) => (training ? { residual: factor } : {}));
    return cifarResNet({ depth: 8, widths: [2, 2, 2], inputShape: [8, 8, 1], classes: 3, gate: { name: "scaled", part } }); // prettier-ignore
  };
  const options = {
    steps: 2,
    batchSize: 20,
    progress: "none",
    compile: false,
    checkpoint: { path },
  } as const;
  for (const make of [scaled, inTraining]) {
    await rm(path, { force: true });
    const first = make(0.5);
    await fit(first, stripes(), options);
    await expect(fit(make(0.6), stripes(), options)).rejects.toThrow(/its model\.computes\.\d+ is .* From the same weights its code computes other values/); // prettier-ignore
    // Rebuilt, and with the weights of the run's end.
    expect((await fit(make(0.5), stripes(), options)).resumedFrom).toBe(2);
    expect((await fit(first, stripes(), options)).resumedFrom).toBe(2);
  }
  const schedule = (rate: number) => ({ learningRate: () => rate, description: { schedule: "mine" } });
  const optimizer = (momentum: number) => ({ ...sgd({ momentum }), description: { optimizer: "mine" } });
  await rm(path, { force: true });
  const mine = { ...options, schedule: schedule(0.1), optimizer: optimizer(0.9) };
  await fit(smallModel(3), stripes(), mine);
  await expect(fit(smallModel(3), stripes(), { ...mine, schedule: schedule(0.2) })).rejects.toThrow("its first 2 updates had other learning rates than this schedule gives"); // prettier-ignore
  await expect(fit(smallModel(3), stripes(), { ...mine, optimizer: optimizer(0.8) })).rejects.toThrow("its optimizer.computes."); // prettier-ignore
  expect((await fit(smallModel(3), stripes(), mine)).resumedFrom).toBe(2);
});

test.each([NaN, Infinity, -Infinity, -0])(
  "fit() goes on from a checkpoint whose validation loss is %d",
  async (loss) => {
    const odd: BatchSource = {
      ...stripes({ size: 12 }),
      batch(indices) {
        const { images, labels } = stripes().batch(indices);
        images.dispose();
        return { images: tf.fill([indices.length, 8, 8, 1], loss), labels };
      },
    };
    const options = { batchSize: 20, progress: "none", validation: odd, checkpoint: { path } } as const;
    const { history } = await fit(smallModel(3), stripes(), { ...options, epochs: 1 });
    const longer = await fit(smallModel(3), stripes(), { ...options, epochs: 2 });
    expect(longer.resumedFrom).toBe(history[0]!.step);
    expect(longer.history[0]).toEqual(history[0]);
    if (Object.is(loss, NaN)) expect(history[0]!.validation!.loss).toBeNaN();
  },
);

test("fit() refuses another run's checkpoint with the first difference, and leaves it", async () => {
  await train({ steps: 2, checkpoint: { path } });
  const before = await readFile(path);
  const refusal = (options: Partial<FitOptions>, modelSeed?: number) =>
    expect(train({ steps: 4, checkpoint: { path }, ...options }, modelSeed)).rejects;
  await refusal({ seed: 2 }).toThrow(`${path}: another run's checkpoint: its seed is 1, this run's is 2.`);
  await refusal({ batchSize: 30 }).toThrow("its batchSize is 20, this run's is 30");
  await refusal({ optimizer: sgd({ momentum: 0.8 }) }).toThrow(
    "its optimizer.momentum is 0.9, this run's is 0.8",
  );
  await refusal({ schedule: constant(0.2) }).toThrow("its schedule.learningRate is 0.1, this run's is 0.2");
  await refusal({ stepLosses: true }).toThrow("its stepLosses is false, this run's is true");
  await refusal({}, 4).toThrow("its model.options.seed is 3, this run's is 4");
  expect((await readFile(path)).equals(before)).toBe(true);
});

test("fit() refuses a damaged checkpoint with one line that names the file, and changes no weight", async () => {
  await train({ steps: 2, checkpoint: { path } });
  const good = new Uint8Array(await readFile(path));
  const untouched = smallModel(3);
  const initial = await valuesOf(untouched);
  const attempt = async (bytes: Uint8Array) => {
    await writeFile(path, bytes);
    const run = fit(untouched, stripes(), {
      steps: 4,
      batchSize: 20,
      progress: "none",
      validation: stripes({ size: 12 }),
      checkpoint: { path },
    });
    const message = await run.then(() => "resumed", (error: unknown) => (error as Error).message); // prettier-ignore
    expect(await valuesOf(untouched)).toEqual(initial);
    return message;
  };
  const changed = (
    change: (content: { tensors: Map<string, unknown>; metadata: Record<string, string> }) => void,
  ) => {
    const { tensors, metadata } = decodeSafetensors(good);
    const content = { tensors: new Map(tensors), metadata: { ...metadata } };
    change(content);
    return encodeSafetensors(content);
  };
  const state = (replace: (text: string) => string) =>
    changed(({ metadata }) => {
      metadata["residual.checkpoint"] = replace(metadata["residual.checkpoint"]!);
    });
  expect(await attempt(good.subarray(0, good.length - 1))).toMatch(
    /^.*run\.safetensors: tensor .* but the file holds \d+$/,
  );
  expect(await attempt(changed(({ tensors }) => void tensors.delete("momentum/head.bias")))).toBe(
    `${path}: tensor "momentum/head.bias", which the model has, is missing`,
  );
  expect(await attempt(changed(({ metadata }) => { delete metadata["residual.checkpoint"]; }))).toBe(
    `${path}: not a checkpoint: it has no metadata called residual.checkpoint`,
  ); // prettier-ignore
  expect(await attempt(state(() => "{"))).toBe(`${path}: its residual.checkpoint is not valid JSON: "{"`);
  expect(await attempt(state((text) => text.replace('"format":4', '"format":1')))).toContain(
    "must have format 4",
  );
  expect(await attempt(state((text) => text.replace('"step":2', '"step":-2')))).toContain(
    "must count steps by a whole number; its step is -2",
  );
  expect(await attempt(state((text) => text.replace('"history":[]', '"history":[{"epoch":1}]')))).toContain(
    "must list finished epochs",
  );
  expect(await attempt(state((text) => text.replace(/"correct":\d+/, '"correct":null')))).toContain(
    "must hold an epoch's sums",
  );
  untouched.dispose();
});

test("saveWeights() and loadWeights() carry every variable and the spec; the models then agree on every image", async () => {
  const trained = smallModel(3);
  await fit(trained, stripes(), { steps: 4, batchSize: 20, progress: "none" });
  await saveWeights(trained, path);
  const { spec, tensors } = await readWeights(path);
  expect(spec).toEqual(trained.spec);
  expect([...tensors.keys()]).toEqual(trained.variables().map(({ name }) => name));

  const before = tf.memory().numTensors;
  const other = smallModel(8); // another seed: other first values, the same model
  await loadWeights(other, path);
  expect(await valuesOf(other)).toEqual(await valuesOf(trained));
  const { images, labels } = stripes().batch(Int32Array.of(0, 1, 2));
  const logits = [trained, other].map((model) => tf.tidy(() => model.forward(images, { training: false })));
  expect(await logits[1]!.data()).toEqual(await logits[0]!.data());
  tf.dispose([images, labels, ...logits]);
  other.dispose();
  expect(tf.memory().numTensors).toBe(before);
  trained.dispose();
});

test("loadWeights() takes a checkpoint too, without the optimizer's memory", async () => {
  const { values } = await train({ steps: 3, stepLosses: true, checkpoint: { path } });
  const model = smallModel(3);
  await loadWeights(model, path);
  expect(await valuesOf(model)).toEqual(values);
  model.dispose();
});

test("loadWeights() refuses another model, and tensors that do not fit, and assigns nothing", async () => {
  const model = smallModel(3);
  await saveWeights(model, path);
  const good = decodeSafetensors(new Uint8Array(await readFile(path)));
  const initial = await valuesOf(model);
  const wider = { ...model, spec: { model: "small", options: { width: 8, seed: 3 } } };
  await expect(loadWeights(wider, path)).rejects.toThrow(
    `${path}: made by another model: its options.width is 4; this model has 8`,
  );
  const refusal = async (change: (tensors: Map<string, unknown>) => void) => {
    const tensors = new Map(good.tensors);
    // Every value differs from the model's, so that a partial assignment would show.
    for (const [name, { shape, data }] of tensors) {
      tensors.set(name, { dtype: "F32", shape, data: new Float32Array(data.length).fill(7) });
    }
    change(tensors);
    await writeFile(path, encodeSafetensors({ tensors, metadata: good.metadata }));
    const message = await loadWeights(model, path).then(() => "loaded", (error: unknown) => (error as Error).message); // prettier-ignore
    expect(await valuesOf(model)).toEqual(initial);
    return message.slice(path.length + 2);
  };
  expect(await refusal((tensors) => void tensors.delete("head.bias"))).toBe(
    'tensor "head.bias", which the model has, is missing',
  );
  expect(
    await refusal(
      (tensors) => void tensors.set("head.bias", { dtype: "F32", shape: [1, 3], data: new Float32Array(3) }),
    ),
  ).toBe('tensor "head.bias" must have the model\'s shape [3]; it has [1, 3]');
  expect(
    await refusal(
      (tensors) => void tensors.set("head.bias", { dtype: "I32", shape: [3], data: new Int32Array(3) }),
    ),
  ).toBe('weights must be F32; tensor "head.bias" is I32');
  expect(
    await refusal(
      (tensors) => void tensors.set("more", { dtype: "F32", shape: [], data: new Float32Array(1) }),
    ),
  ).toBe('tensor "more" is unknown to the model');
  await writeFile(path, encodeSafetensors({ tensors: good.tensors, metadata: {} }));
  await expect(readWeights(path)).rejects.toThrow(
    "not a weight file of this library: it has no metadata called residual.spec",
  );
  model.dispose();
});
