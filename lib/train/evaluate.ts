// Loss and accuracy of a model on any source, in inference mode.
import * as tf from "@tensorflow/tfjs-core";
import { softmaxCrossEntropy } from "../runtime/index.js";
import { onlyKnown } from "../options.js";
import { nextTurn } from "./macrotask.js";
import { means, throughput, type Metrics } from "./metrics.js";
import { checkCount, checkFit } from "./plan.js";
import { startProgress, type ProgressOption } from "./progress.js";
import { countCorrect } from "./step.js";
import { endingItself, stopWhen } from "./stop.js";
import type { BatchSource, Trainable } from "./trainable.js";

/** Options of `evaluate`. */
export interface EvaluateOptions {
  /** How many images are classified at a time; 256 by default. It changes the speed and the memory, not the result's meaning. */
  readonly batchSize?: number;
  /** Stops between two batches. In a notebook, interrupting the cell does so without it. */
  readonly signal?: AbortSignal;
  /** `auto` (the default) shows progress if it takes more than 2 seconds. */
  readonly progress?: ProgressOption;
}

/**
 * Mean loss and accuracy over every image of a source, without augmentation, batch norm reading its running averages.
 *
 * @throws RangeError if the source does not fit the model.
 * @throws DOMException `AbortError` (or the signal's own reason) if it was stopped.
 */
export function evaluate(
  model: Trainable,
  source: BatchSource,
  options: EvaluateOptions = {},
): Promise<Metrics> {
  return endingItself(() => evaluateAll(model, source, options));
}

async function evaluateAll(
  model: Trainable,
  source: BatchSource,
  options: EvaluateOptions,
): Promise<Metrics> {
  onlyKnown("evaluate", options, ["batchSize", "signal", "progress"]);
  const { batchSize = 256, signal, progress = "auto" } = options;
  checkCount("batchSize", batchSize);
  checkFit(model, source);
  const shown = startProgress(progress, `${model.name ?? model.spec.model} on ${source.name}`, {
    delaySeconds: 2,
  });
  try {
    const start = performance.now();
    const metrics = await measure(model, source, batchSize, stopWhen(signal), (images, soFar) => {
      const seconds = (performance.now() - start) / 1000;
      shown.update({
        phase: "evaluation",
        done: images,
        of: source.size,
        ...soFar,
        imagesPerSecond: throughput(images, seconds),
        secondsLeft: (seconds / images) * (source.size - images),
      });
    });
    if (metrics) return metrics;
    signal?.throwIfAborted();
    throw new DOMException("the evaluation was stopped", "AbortError");
  } finally {
    shown.end();
  }
}

/** As `evaluate`, for callers that have checked their arguments; undefined if stopped. `onBatch` gets the images done so far. */
export async function measure(
  model: Trainable,
  source: BatchSource,
  batchSize: number,
  stopped: () => boolean,
  onBatch: (images: number, soFar: Metrics) => void,
): Promise<Metrics | undefined> {
  const sums = { loss: 0, correct: 0, images: 0 };
  for (let first = 0; first < source.size; first += batchSize) {
    if (stopped()) return undefined;
    const count = Math.min(batchSize, source.size - first);
    const [loss, correct] = await sumsOfBatch(
      model,
      source,
      Int32Array.from({ length: count }, (_, i) => first + i),
    );
    sums.loss += loss;
    sums.correct += correct;
    sums.images += count;
    onBatch(sums.images, means(sums));
    await nextTurn();
  }
  return means(sums);
}

/** The summed loss of some images, and how many are classified correctly. */
async function sumsOfBatch(
  model: Trainable,
  source: BatchSource,
  indices: Int32Array,
): Promise<readonly [loss: number, correct: number]> {
  const { images, labels } = source.batch(indices);
  let values: tf.Tensor;
  try {
    values = tf.tidy(() => {
      const logits = model.forward(images, { training: false });
      return tf.stack([tf.sum(softmaxCrossEntropy(logits, labels)), countCorrect(logits, labels)]);
    });
  } finally {
    tf.dispose([images, labels]);
  }
  try {
    const [loss, correct] = await values.data();
    return [loss!, correct!];
  } finally {
    values.dispose();
  }
}
