// Runs a network forward and back once, and gives the values and gradients at places inside it.
import * as tf from "@tensorflow/tfjs-core";
import type { Model } from "../nn/model.js";
import { randomDraws, softmaxCrossEntropy } from "../runtime/index.js";

/** Measures, and puts the running statistics back to what they were: a forward pass in training mode moves them. */
export async function keepingStatistics<T>(
  network: Pick<Model, "variables">,
  measure: () => Promise<T>,
): Promise<T> {
  const statistics = network.variables().filter(({ role }) => role === "statistic");
  const before = statistics.map(({ variable }) => variable.clone());
  try {
    return await measure();
  } finally {
    statistics.forEach(({ variable }, i) => {
      variable.assign(before[i]!);
      before[i]!.dispose();
    });
  }
}

/**
 * Gives batch norm one batch's statistics, measures, and puts the running ones back: in inference mode the network then computes what training
 * computes on that batch, as a function of each image by itself.
 *
 * A pass in training mode leaves m r + (1 - m) b, with b the batch's statistic, r the running one before it and m the momentum. From r = 0 and from
 * r = 1 that gives b without asking any layer for its m. (The variance that batch norm keeps is the unbiased one, and so is this.)
 */
export async function withStatisticsOf<T>(
  network: Model,
  images: tf.Tensor4D,
  measure: () => Promise<T>,
): Promise<T> {
  const statistics = network.variables().filter(({ role }) => role === "statistic");
  return keepingStatistics(network, async () => {
    const from = (start: (value: tf.Tensor) => tf.Tensor): tf.Tensor[] => {
      for (const { variable } of statistics)
        tf.tidy(() => {
          variable.assign(start(variable));
        });
      const seed = seedOfPass();
      tf.dispose([network.forward(images, { training: true, random: randomDraws(seed) }), seed]);
      return statistics.map(({ variable }) => variable.clone());
    };
    const zeros = from((value) => tf.zerosLike(value));
    const ones = from((value) => tf.onesLike(value));
    statistics.forEach(({ variable }, i) => {
      tf.tidy(() => {
        variable.assign(tf.div(zeros[i]!, tf.sub(1, tf.sub(ones[i]!, zeros[i]!))));
      });
    });
    tf.dispose([zeros, ones]);
    return measure();
  });
}

/** Every pass in training mode draws the same numbers, so that a value and its gradient belong to one and the same network. */
const seedOfPass = (): tf.Tensor1D => tf.tensor1d([1, 2], "int32");

/**
 * What `read` makes of the values at the named places, for one batch in training mode. `read` returns a tensor of its own.
 * @throws Error if the forward pass does not report one of the names.
 */
export function valuesAt(
  network: Model,
  names: readonly string[],
  images: tf.Tensor4D,
  read: (value: tf.Tensor) => tf.Tensor,
): { readonly value: tf.Tensor; readonly shape: readonly number[] }[] {
  const found = new Map<string, { value: tf.Tensor; shape: readonly number[] }>();
  const wanted = new Set(names);
  const seed = seedOfPass();
  const logits = network.forward(images, {
    training: true,
    random: randomDraws(seed),
    observe(name, value) {
      if (wanted.has(name)) found.set(name, { value: tf.keep(read(value)), shape: value.shape });
    },
  });
  tf.dispose([logits, seed]);
  const missing = names.find((name) => !found.has(name));
  if (missing !== undefined) {
    for (const { value } of found.values()) value.dispose();
    throw new Error(`the forward pass did not report the unit ${missing}`);
  }
  return names.map((name) => found.get(name)!);
}

/**
 * dE/dx at the named places, E the batch's mean softmax cross-entropy in training mode.
 *
 * A probe of zeros added to an activation changes nothing, and the gradient with respect to the probe is the activation's.
 *
 * @param shapes the places' shapes, the batch's axis included
 * @param labels [N], int32
 */
export function gradientsAt(
  network: Model,
  names: readonly string[],
  shapes: readonly (readonly number[])[],
  images: tf.Tensor4D,
  labels: tf.Tensor1D,
): tf.Tensor[] {
  const lossOf = (...probes: tf.Tensor[]) => {
    const logits = network.forward(images, {
      training: true,
      random: randomDraws(seedOfPass()),
      replace(name, value) {
        const probe = probes[names.indexOf(name)];
        return probe ? tf.add(value, probe) : value;
      },
    });
    return tf.mean(softmaxCrossEntropy(logits, labels));
  };
  return tf.tidy(() => tf.grads(lossOf)(shapes.map((shape) => tf.zeros([...shape]))));
}
