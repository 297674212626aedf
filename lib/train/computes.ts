// What code computes, measured: by the name that somebody gave it, two parts that differ could not be told apart.
import * as tf from "@tensorflow/tfjs-core";
import { randomDraws, stepSeed } from "../runtime/index.js";
import { randomStream } from "../random/index.js";
import { fingerprint } from "../files/fingerprint.js";
import { norm } from "../numeric.js";
import { isObject } from "./difference.js";
import type { Loss } from "./loss.js";
import type { Schedule } from "./schedule.js";
import type { Optimizer } from "./optimizer.js";
import type { Trainable, TrainableVariable } from "../model/trainable.js";

/** What was measured is kept under this name in an identity, and compared as far as rounding allows. */
export const measuredKey = "computes";

/**
 * How far measured values may be apart, as a part of their norm: other kernels and machines round otherwise. A part whose code changes the
 * logits by less is not noticed.
 */
const tolerance = 1e-2;

/** Images that a model is measured on. Batch norm in training needs more than one where its channels are one pixel. */
const imageCount = 4;

/**
 * The logits of a model for a few images of noise, in inference and in training, under weights that follow from their names alone. So it
 * is the same before, during and after training, and another where any of the model's own code is another. It leaves the weights and the
 * statistics as they were.
 */
export async function modelComputes(model: Trainable): Promise<readonly number[]> {
  const variables = model.variables().map(({ variable }) => variable);
  const before = variables.map((variable) => tf.clone(variable));
  const seed = stepSeed(1, 0);
  try {
    const logits = tf.tidy(() => {
      for (const one of model.variables()) if (one.variable.dtype === "float32") one.variable.assign(weightsFor(one)); // prettier-ignore
      const shape: [number, number, number, number] = [imageCount, ...model.inputShape];
      const images = tf.tensor4d(noise("images", imageCount * size(model.inputShape)), shape);
      const inference = model.forward(images, { training: false });
      const training = model.forward(images, { training: true, random: randomDraws(seed) });
      return tf.concat([inference, training]);
    });
    return await logits.data<"float32">().then((values) => Array.from(values)).finally(() => { logits.dispose(); }); // prettier-ignore
  } finally {
    variables.forEach((variable, i) => {
      variable.assign(before[i]!);
      before[i]!.dispose();
    });
    seed.dispose();
  }
}

/** What an optimizer makes of some weights of each role in three updates. */
export async function optimizerComputes(optimizer: Optimizer): Promise<readonly number[]> {
  const roles = ["weight", "bias", "scale", "shift"] as const;
  const variables = tf.tidy(() =>
    roles.map((role) => ({ name: role, role, variable: tf.variable(tf.tensor1d(noise(role, 4))) })),
  );
  const state = optimizer.start(variables);
  try {
    for (const learningRate of [0.1, 0.1, 0.01]) {
      tf.tidy(() => {
        const gradients = roles.map((role) => tf.tensor1d(noise(`${role} ${learningRate}`, 4)));
        state.update(gradients, tf.scalar(learningRate));
      });
    }
    const values = await Promise.all(variables.map(({ variable }) => variable.data<"float32">()));
    return values.flatMap((one) => Array.from(one));
  } finally {
    state.dispose();
    tf.dispose(variables.map(({ variable }) => variable));
  }
}

/** What a loss makes of some logits. */
export async function lossComputes(loss: Loss): Promise<readonly number[]> {
  const classes = 4;
  const values = tf.tidy(() =>
    loss.perImage(
      tf.tensor2d(noise("logits", imageCount * classes), [imageCount, classes]),
      tf.tensor1d([0, 1, 2, 3], "int32"),
    ),
  );
  return values.data<"float32">().then((data) => Array.from(data)).finally(() => { values.dispose(); }); // prettier-ignore
}

/** A fingerprint of the rates that a schedule gave the first `steps` updates. */
export function ratesFingerprint(schedule: Schedule, steps: number): Promise<string> {
  return fingerprint([Float64Array.from({ length: steps }, (_, step) => schedule.learningRate(step))]);
}

/**
 * `now` as it is to be compared with `stored`: what both measured and agree upon is `stored`'s, because rounding is no difference.
 */
export function roundedAs(stored: unknown, now: unknown): unknown {
  if (!isObject(stored) || !isObject(now) || Array.isArray(now)) return now;
  return Object.fromEntries(
    Object.entries(now).map(([key, value]) => [
      key,
      key === measuredKey && agree(stored[key], value) ? stored[key] : roundedAs(stored[key], value),
    ]),
  );
}

function agree(stored: unknown, now: unknown): boolean {
  if (!isNumbers(stored) || !isNumbers(now) || stored.length !== now.length) return false;
  const strange = (value: number) => !Number.isFinite(value);
  if (now.some((value, i) => (strange(value) || strange(stored[i]!)) && !Object.is(value, stored[i])))
    return false;
  const kept = [...now.keys()].filter((i) => !strange(now[i]!));
  const apart = norm(kept.map((i) => now[i]! - stored[i]!));
  return apart <= tolerance * norm(kept.map((i) => stored[i]!));
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((one) => typeof one === "number");
}

/** Of about the size that keeps signals: norms near the identity, kernels scaled by their fan-in. */
function weightsFor({ name, role, variable: { shape } }: TrainableVariable): tf.Tensor {
  const fanIn = size(shape.slice(0, -1));
  const [middle, spread] = { weight: [0, Math.sqrt(2 / fanIn)], bias: [0, 0.1], scale: [1, 0.1], shift: [0, 0.1], statistic: [1, 0.1] }[role] as [number, number]; // prettier-ignore
  return tf.tensor(noise(name, size(shape)).map((value) => middle + spread * value), shape); // prettier-ignore
}

const size = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);

/** A table of normal numbers, read from a place that `name` decides: drawn one by one, those of a large network would take seconds. */
const table = Float32Array.from({ length: 4099 }, ((stream) => () => stream.normal())(randomStream(0, "computes"))); // prettier-ignore

function noise(name: string, count: number): Float32Array {
  const from = randomStream(0, "computes", name).integer(table.length);
  return Float32Array.from({ length: count }, (_, i) => table[(from + i) % table.length]!);
}
