// Predictions: the class of each image, and the probability that the model gives each class.
import * as tf from "@tensorflow/tfjs-core";
import { onlyKnown } from "../options.js";
import { takeBatch } from "./batch.js";
import { nextTurn } from "./next-turn.js";
import { checkCount, checkFit } from "./plan.js";
import { endingItself, stopWhen } from "./stop.js";
import type { BatchSource, Trainable } from "../model/trainable.js";

/** Options of `predict`. */
export interface PredictOptions {
  /** How many images are classified at a time; 256 by default. */
  readonly batchSize?: number;
  /** Stops between two batches. In a notebook, interrupting the cell does so without it. */
  readonly signal?: AbortSignal;
}

/** The predictions for the N images of a source, in the source's order. */
export interface Predictions {
  /** The class of the largest logit of each image, [N]. */
  readonly labels: Int32Array;
  /** Softmax of the logits of each image: N arrays of K numbers. */
  readonly probabilities: readonly Float32Array[];
}

/**
 * The classes that a model sees in every image of a source, without augmentation, batch norm reading its running averages.
 *
 * @throws RangeError if the source does not fit the model.
 * @throws DOMException `AbortError` (or the signal's own reason) if it was stopped.
 *
 * @example
 * ```ts
 * const source = data.batches(await data.load("fashion-mnist-sample", { limit: 10 }));
 * const network = nn.cifarResNet({ depth: 8, widths: [2, 2, 2], inputShape: source.imageShape, seed: 1 });
 * const { labels, probabilities } = await train.predict(network, source);
 * [labels.length, probabilities[0].length]; // [10, 10]
 * ```
 */
export function predict(
  model: Trainable,
  source: BatchSource,
  options: PredictOptions = {},
): Promise<Predictions> {
  return endingItself(() => predictAll(model, source, options));
}

async function predictAll(
  model: Trainable,
  source: BatchSource,
  options: PredictOptions,
): Promise<Predictions> {
  onlyKnown("predict", options, ["batchSize", "signal"]);
  const { batchSize = 256, signal } = options;
  checkCount("batchSize", batchSize);
  checkFit(model, source);
  const stopped = stopWhen(signal);
  const labels = new Int32Array(source.size);
  const probabilities: Float32Array[] = [];
  for (let first = 0; first < source.size; first += batchSize) {
    if (stopped()) {
      signal?.throwIfAborted();
      throw new DOMException("the prediction was stopped", "AbortError");
    }
    const count = Math.min(batchSize, source.size - first);
    const batch = await takeBatch(
      source,
      Int32Array.from({ length: count }, (_, i) => first + i),
    );
    const { largest, softmax } = tf.tidy(() => {
      const logits = model.forward(batch.images, { training: false });
      return { largest: tf.argMax(logits, 1), softmax: tf.softmax(logits) };
    });
    try {
      labels.set(await largest.data<"int32">(), first);
      const values = Float32Array.from(await softmax.data<"float32">()); // a copy: the tensor is disposed
      for (let i = 0; i < count; i++)
        probabilities.push(values.slice(i * model.classes, (i + 1) * model.classes));
    } finally {
      tf.dispose([batch.images, batch.labels, largest, softmax]);
    }
    await nextTurn();
  }
  return { labels, probabilities };
}
