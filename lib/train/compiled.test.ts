// The compiled step beside the uncompiled one, for every family of networks: the same bits over 100 steps.
import * as tf from "@tensorflow/tfjs-core";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cifarResNet, imageNetResNet, type Network } from "../nn/index.js";
import { ready } from "../runtime/index.js";
import { fit } from "./fit.js";
import type { FitOptions } from "./plan.js";
import { stepSchedule } from "./schedule.js";
import { smallModel, stripes, valuesOf } from "./small-model.fixture.js";
import type { BatchSource, Trainable } from "../model/trainable.js";

let folder: string;
beforeAll(async () => {
  await ready();
  folder = await mkdtemp(join(tmpdir(), "residual-compiled-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Trains with the step compiled, or not; checks that a compiled run compiled and that nothing leaks. */
async function train(
  mode: "compiled" | "uncompiled",
  make: () => Trainable & { dispose(): void },
  source: BatchSource,
  options: Partial<FitOptions>,
) {
  const before = tf.memory().numTensors;
  const model = make();
  const uncompiled: string[] = [];
  if (mode === "uncompiled") process.env["RESIDUAL_COMPILE"] = "0";
  try {
    const { stepLosses, stopped } = await fit(model, source, {
      batchSize: 6,
      progress: "none",
      stepLosses: true,
      compile: { onUncompiled: (reason) => uncompiled.push(reason) },
      ...options,
    });
    const values = await valuesOf(model);
    expect(uncompiled).toEqual([]);
    return { stepLosses, values, stopped };
  } finally {
    delete process.env["RESIDUAL_COMPILE"];
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  }
}

const small = { inputShape: [8, 8, 1], classes: 3, widths: [2, 4, 6], seed: 2 } as const;
const families: [name: string, make: () => Network][] = [
  ["plain", () => cifarResNet({ ...small, depth: 8, shortcut: "none" })],
  ["option A", () => cifarResNet({ ...small, depth: 8, shortcut: "A" })],
  ["option B", () => cifarResNet({ ...small, depth: 8, shortcut: "B" })],
  ["option C", () => cifarResNet({ ...small, depth: 8, shortcut: "C" })],
  ["full pre-activation", () => cifarResNet({ ...small, depth: 8, order: "preActivation" })],
  ["bottleneck", () => cifarResNet({ ...small, depth: 11, kind: "bottleneck", shortcut: "B" })],
];

test.each(families)(
  "fit() compiled equals uncompiled, losses, weights and statistics, for a network with %s",
  async (_, make) => {
    const steps = 100;
    const source = resized(stripes({ size: 24 }), make());
    const options = { steps, schedule: stepSchedule({ learningRate: 0.05, at: [30, 60] }) };
    const compiled = await train("compiled", make, source, options);
    const uncompiled = await train("uncompiled", make, source, options);
    expect(compiled.stepLosses).toHaveLength(steps);
    expect(compiled).toEqual(uncompiled);
  },
);

test("fit() with compile false runs the step itself, and gives the same bits", async () => {
  const run = async (compile: NonNullable<FitOptions["compile"]>) => {
    let forwards = 0;
    const make = () => {
      const network = cifarResNet({ ...small, depth: 8 });
      const forward = network.forward.bind(network);
      network.forward = (...args) => {
        forwards++;
        return forward(...args);
      };
      return network;
    };
    const source = resized(stripes({ size: 24 }), make());
    return { ...(await train("compiled", make, source, { steps: 5, compile })), forwards };
  };
  const [compiled, uncompiled] = [await run({}), await run(false)];
  expect(compiled.forwards).toBe(2); // a recorded run and its rehearsal
  expect(uncompiled.forwards).toBe(5);
  expect(uncompiled.stepLosses).toEqual(compiled.stepLosses);
  expect(uncompiled.values).toEqual(compiled.values);
});

// In these a kernel rounds differently within a function, and training amplifies what it rounds. So each step is compared from the
// same values: `checkEvery` throws where the two ways differ by more than float32's precision.
test.each(["basic", "bottleneck"] as const)(
  "fit() compiled makes the steps of the uncompiled run within float32's precision for an ImageNet network, %s, and resumes bit for bit",
  async (kind) => {
    const [depth, steps] = kind === "basic" ? ([18, 75] as const) : ([50, 25] as const); // a step of 50 layers takes three of 18
    const make = () =>
      imageNetResNet({ depth, inputShape: [32, 32, 1], classes: 3, widths: [2, 2, 4, 4], seed: 2 });
    const source = resized(stripes({ size: 24 }), make());
    const schedule = stepSchedule({ learningRate: 0.001, at: [] });
    await train("compiled", make, source, { steps, schedule, compile: { checkEvery: 1 } });
    const options = { schedule, checkpoint: { path: join(folder, `imagenet-${kind}.safetensors`) } };
    await train("compiled", make, source, { ...options, steps: 10 });
    const resumed = await train("compiled", make, source, { ...options, steps: 20 });
    const whole = await train("compiled", make, source, { steps: 20, schedule });
    expect(resumed.values).toEqual(whole.values);
    expect(resumed.stepLosses).toEqual(whole.stepLosses);
  },
);

/** The same images at a network's size. Frees the network. */
function resized(source: BatchSource, network: Network): BatchSource {
  const [height, width, channels] = network.inputShape;
  network.dispose();
  return {
    ...source,
    imageShape: [height, width, channels],
    batch(indices, augmentation) {
      const { images, labels } = source.batch(indices, augmentation);
      const larger = tf.tidy(() => tf.image.resizeBilinear(images, [height, width]));
      images.dispose();
      return { images: larger, labels };
    },
  };
}

/** A model whose forward pass drops features at random. */
function dropping(): Trainable & { dispose(): void } {
  const model = smallModel(3);
  return {
    ...model,
    forward(x, mode) {
      const logits = model.forward(x, mode);
      if (!mode.training) return logits;
      return tf.mul(logits, tf.cast(tf.greater(mode.random!.uniform(logits.shape), 0.3), "float32"));
    },
  };
}

test("fit() compiled draws fresh, seeded randomness in each step, as uncompiled", async () => {
  const options = { steps: 30, batchSize: 20 };
  const compiled = await train("compiled", dropping, stripes(), options);
  expect(compiled).toEqual(await train("uncompiled", dropping, stripes(), options));
  expect((await train("compiled", dropping, stripes(), { ...options, seed: 2 })).values).not.toEqual(
    compiled.values,
  );
});

test("fit() compiled compiles the short last batch of an epoch too", async () => {
  const options = { epochs: 8, batchSize: 20, lastBatch: "keep" } as const;
  const make = () => smallModel(3);
  const compiled = await train("compiled", make, stripes({ size: 50 }), options);
  expect(compiled).toEqual(await train("uncompiled", make, stripes({ size: 50 }), options));
});

test("fit() resumes bit for bit, compiled from an uncompiled start and the other way round", async () => {
  const make = () => dropping();
  const options = { batchSize: 20, steps: 24 };
  const whole = await train("compiled", make, stripes(), options);
  for (const [first, second] of [
    ["uncompiled", "compiled"],
    ["compiled", "uncompiled"],
  ] as const) {
    // prettier-ignore
    const checkpoint = { path: join(folder, `${first}.safetensors`) };
    const controller = new AbortController();
    const onStep = ({ step }: { step: number }) => { if (step === 9) controller.abort(); }; // prettier-ignore
    const part = await train(first, make, stripes(), { ...options, checkpoint, onStep, signal: controller.signal }); // prettier-ignore
    expect(part).toMatchObject({ stopped: true });
    expect(await train(second, make, stripes(), { ...options, checkpoint })).toEqual(whole);
  }
});
