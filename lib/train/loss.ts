// What training makes small: the loss of each image from its logits and its label.
import * as tf from "@tensorflow/tfjs-core";
import { numberWithin, onlyKnown } from "../options.js";
import { softmaxCrossEntropy } from "../runtime/index.js";

/** A loss. One of your own is an object with these two; its function uses tensors only, so that the step can be compiled. */
export interface Loss {
  /** Says which loss it is, in JSON. A checkpoint holds it, and a run with another loss does not resume from there. */
  readonly description: Readonly<Record<string, unknown>>;
  /** Logits [N, K] and labels [N] (int32) give the loss of each image, [N]; `fit` makes their mean small. */
  readonly perImage: (logits: tf.Tensor2D, labels: tf.Tensor1D) => tf.Tensor1D;
}

/** Options of `crossEntropy`. */
export interface CrossEntropyOptions {
  /** The share of the target that is spread evenly over all classes; 0 by default. */
  readonly labelSmoothing?: number;
}

/**
 * Softmax cross-entropy in nats: -ln softmax(z)[label]. With label smoothing s, the target is 1 - s at the label plus s / K at each of
 * the K classes (Szegedy et al. 2016, section 7).
 *
 * @throws RangeError where the smoothing is outside [0, 1].
 *
 * @example
 * ```ts
 * train.crossEntropy().perImage(
 *   tf.tensor2d([
 *     [0, 0],
 *     [0, Math.log(3)],
 *   ]),
 *   tf.tensor1d([0, 1], "int32"),
 * ); // [0.69315, 0.28768]
 * ```
 */
export function crossEntropy(options: CrossEntropyOptions = {}): Loss {
  onlyKnown("crossEntropy", options, ["labelSmoothing"]);
  const { labelSmoothing = 0 } = options;
  numberWithin("crossEntropy: labelSmoothing", labelSmoothing, 0, 1);
  return {
    description: { loss: "crossEntropy", labelSmoothing },
    perImage(logits, labels) {
      const atLabel = softmaxCrossEntropy(logits, labels);
      if (labelSmoothing === 0) return atLabel;
      const everywhere = tf.neg(tf.mean(tf.logSoftmax(logits), 1));
      return tf.add(tf.mul(atLabel, 1 - labelSmoothing), tf.mul(everywhere, labelSmoothing));
    },
  };
}

/**
 * The mean over the K classes of (z_k - [k = label])^2: the squared distance of the outputs from the one-hot label, over K.
 *
 * @example
 * ```ts
 * train.meanSquaredError().perImage(
 *   tf.tensor2d([
 *     [1, 0],
 *     [1, 0],
 *   ]),
 *   tf.tensor1d([0, 1], "int32"),
 * ); // [0, 1]
 * ```
 */
export function meanSquaredError(): Loss {
  return {
    description: { loss: "meanSquaredError" },
    perImage(logits, labels) {
      const target = tf.oneHot(labels, logits.shape[1], 1, 0, "float32");
      return tf.mean(tf.square(tf.sub(logits, target)), 1);
    },
  };
}

/**
 * The loss of each image, [N].
 *
 * @throws RangeError where the loss gives another shape: a mean over the batch would be counted as if it were a sum.
 */
export function lossesOf(loss: Loss, logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Tensor1D {
  return onePerImage("a loss", loss.perImage(logits, labels), labels.size);
}

/** The values themselves, if there is one for each image. */
export function onePerImage(what: string, values: tf.Tensor1D, images: number): tf.Tensor1D {
  const shape: readonly number[] = values.shape; // the caller's own function may give any
  if (shape.length === 1 && shape[0] === images) return values;
  throw new RangeError(
    `${what} must give one value for each of the ${images} images, shape [${images}]; got [${shape.join(", ")}]`,
  );
}
