// Loss, accuracy and other metrics of a model on any source, in inference mode.
import * as tf from "@tensorflow/tfjs-core";
import { onlyKnown, shown } from "../options.js";
import { takeBatch } from "./batch.js";
import { crossEntropy, lossesOf, onePerImage, type Loss } from "./loss.js";
import { nextTurn } from "./next-turn.js";
import { means, throughput, type Metrics } from "./metrics.js";
import { checkCount, checkFit, checkPart } from "./plan.js";
import { startProgress, type ProgressOption } from "./progress.js";
import { endingItself, stopWhen } from "./stop.js";
import type { BatchSource, Trainable } from "../model/trainable.js";

/** A metric: logits [N, K] and labels [N] (int32) give a value for each image, [N]; its mean over all images is reported. */
export type Metric = (logits: tf.Tensor2D, labels: tf.Tensor1D) => tf.Tensor1D;

/** Options of `evaluate`. */
export interface EvaluateOptions<Name extends string = string> {
  /** How many images are classified at a time; 256 by default. It changes the speed and the memory, not the result's meaning. */
  readonly batchSize?: number;
  /** `crossEntropy()` by default. */
  readonly loss?: Loss;
  /** What else is measured, by the name under which the result has it: `{ top5: train.topK(5) }`. */
  readonly metrics?: Readonly<Record<Name, Metric>>;
  /** Stops between two batches. In a notebook, interrupting the cell does so without it. */
  readonly signal?: AbortSignal;
  /** `auto` (the default) shows progress if it takes more than 2 seconds. */
  readonly progress?: ProgressOption;
}

/**
 * Mean loss and accuracy over every image of a source, without augmentation, batch norm reading its running averages; and the mean of each
 * metric under its name.
 *
 * @example
 * ```ts
 * const source = data.batches(await data.load("fashion-mnist-sample", { limit: 40 }));
 * const network = nn.cifarResNet({ depth: 8, widths: [2, 2, 2], inputShape: source.imageShape, seed: 1 });
 * const { loss, accuracy, top5 } = await train.evaluate(network, source, { metrics: { top5: train.topK(5) } });
 * accuracy <= top5; // true
 * ```
 *
 * @throws RangeError if the source does not fit the model, or a metric does not give one value for each image.
 * @throws DOMException `AbortError` (or the signal's own reason) if it was stopped.
 */
export function evaluate<Name extends string = never>(
  model: Trainable,
  source: BatchSource,
  options: EvaluateOptions<Name> = {},
): Promise<Metrics & Readonly<Record<Name, number>>> {
  return endingItself(() => evaluateAll(model, source, options)) as Promise<
    Metrics & Readonly<Record<Name, number>>
  >;
}

async function evaluateAll(
  model: Trainable,
  source: BatchSource,
  options: EvaluateOptions,
): Promise<Metrics> {
  onlyKnown("evaluate", options, ["batchSize", "loss", "metrics", "signal", "progress"]);
  const { batchSize = 256, loss = crossEntropy(), metrics = {}, signal, progress = "auto" } = options;
  checkCount("batchSize", batchSize);
  checkPart("evaluate: loss", loss, ["perImage", "description"], "train.crossEntropy()");
  checkMetrics(metrics);
  checkFit(model, source);
  const display = startProgress(progress, `${model.name ?? model.spec.model} on ${source.name}`, {
    delaySeconds: 2,
  });
  try {
    const start = performance.now();
    const measured = await measure(model, source, {
      batchSize,
      loss,
      metrics,
      stopped: stopWhen(signal),
      onBatch(images, soFar) {
        const seconds = (performance.now() - start) / 1000;
        display.update({
          phase: "evaluation",
          done: images,
          of: source.size,
          ...soFar,
          imagesPerSecond: throughput(images, seconds),
          secondsLeft: (seconds / images) * (source.size - images),
        });
      },
    });
    if (measured) return measured;
    signal?.throwIfAborted();
    throw new DOMException("the evaluation was stopped", "AbortError");
  } finally {
    display.end();
  }
}

/**
 * A metric: whether the label is among the `k` classes of the largest logits; its mean is the top-k accuracy. Of equal logits the class
 * that comes first counts as larger, and NaN is larger than every number. A label whose own logit is NaN is never among them.
 *
 * @throws RangeError where k is no whole number of at least 1.
 *
 * @example
 * ```ts
 * train.topK(2)(
 *   tf.tensor2d([
 *     [1, 3, 2],
 *     [3, 2, 1],
 *   ]),
 *   tf.tensor1d([2, 2], "int32"),
 * ); // [1, 0]
 * ```
 */
export function topK(k: number): Metric {
  checkCount("topK: k", k);
  return (logits, labels) => {
    const classes = tf.range(0, logits.shape[1], 1, "int32");
    const label = tf.expandDims(labels, 1);
    // Chosen, not multiplied by 0 and 1: 0 times infinity would be NaN.
    const atLabel = tf.sum(tf.where(tf.equal(classes, label), logits, tf.zerosLike(logits)), 1, true);
    const before = tf.logicalAnd(tf.equal(logits, atLabel), tf.less(classes, label));
    // NaN is not less than anything, so it counts as larger.
    const larger = tf.logicalNot(tf.lessEqual(logits, atLabel));
    const ahead = tf.sum(tf.cast(tf.logicalOr(larger, before), "float32"), 1);
    const isNumber = tf.squeeze(tf.equal(atLabel, atLabel), [1]);
    return tf.cast(tf.logicalAnd(tf.less(ahead, tf.scalar(k)), isNumber), "float32");
  };
}

/** Whether an image is classified correctly: as `argMax` says, but never by NaN, which it takes for class 0. */
const isLargest = topK(1);

function checkMetrics(metrics: Readonly<Record<string, Metric>>): void {
  const given: unknown = metrics; // JavaScript may pass anything
  if (typeof given !== "object" || given === null || Symbol.iterator in given)
    throw new TypeError(
      `evaluate: metrics must be functions by name, such as { top5: train.topK(5) }; got ${shown(given)}`,
    );
  for (const [name, metric] of Object.entries(metrics) as [string, unknown][]) {
    if (typeof metric !== "function")
      throw new TypeError(`evaluate: metrics.${name} must be a function, such as train.topK(5); got ${shown(metric)}`); // prettier-ignore
    if (name === "loss" || name === "accuracy")
      throw new RangeError(
        `evaluate: a metric must have a name of its own, since ${name} is always there; got ${name}`,
      );
  }
}

/** What `measure` is told. */
export interface Measurement {
  readonly batchSize: number;
  readonly loss: Loss;
  readonly metrics?: Readonly<Record<string, Metric>>;
  readonly stopped: () => boolean;
  /** Gets the images done so far. */
  readonly onBatch: (images: number, soFar: Metrics) => void;
}

/** As `evaluate`, for callers that have checked their arguments; undefined if stopped. */
export async function measure(
  model: Trainable,
  source: BatchSource,
  { batchSize, loss, metrics = {}, stopped, onBatch }: Measurement,
): Promise<Metrics | undefined> {
  const names = Object.keys(metrics);
  const sums = { loss: 0, correct: 0, images: 0 };
  const others = names.map(() => 0);
  for (let first = 0; first < source.size; first += batchSize) {
    if (stopped()) return undefined;
    const count = Math.min(batchSize, source.size - first);
    const [lossSum, correct, ...rest] = await sumsOfBatch(model, source, range(first, first + count), {
      loss,
      metrics,
    });
    sums.loss += lossSum!;
    sums.correct += correct!;
    sums.images += count;
    rest.forEach((value, i) => (others[i]! += value));
    onBatch(sums.images, means(sums));
    await nextTurn();
  }
  return { ...means(sums), ...Object.fromEntries(names.map((name, i) => [name, others[i]! / sums.images])) };
}

const range = (first: number, end: number): Int32Array =>
  Int32Array.from({ length: end - first }, (_, i) => first + i);

/** The summed loss of some images, how many are classified correctly, and the sum of each metric. */
async function sumsOfBatch(
  model: Trainable,
  source: BatchSource,
  indices: Int32Array,
  { loss, metrics }: { readonly loss: Loss; readonly metrics: Readonly<Record<string, Metric>> },
): Promise<readonly number[]> {
  const { images, labels } = await takeBatch(source, indices);
  let values: tf.Tensor;
  try {
    values = tf.tidy(() => {
      const logits = model.forward(images, { training: false });
      const others = Object.entries(metrics).map(([name, metric]) => {
        const value = onePerImage(`metrics.${name}`, metric(logits, labels), indices.length);
        return tf.sum(tf.cast(value, "float32"));
      });
      return tf.stack([tf.sum(lossesOf(loss, logits, labels)), tf.sum(isLargest(logits, labels)), ...others]);
    });
  } finally {
    tf.dispose([images, labels]);
  }
  try {
    return Array.from(await values.data<"float32">());
  } finally {
    values.dispose();
  }
}
