// The gradient of one logit with respect to the image, at images along the line between two: does it keep its direction on the way?
import * as tf from "@tensorflow/tfjs-core";
import type { Model } from "../nn/model.js";
import { integerWithin, onlyKnown } from "../options.js";
import { withStatisticsOf } from "./passes.js";

/** What is looked at, and how finely. */
export interface LineGradientsOptions {
  /** The images whose statistics batch norm uses all along the line, [N, H, W, C]. */
  readonly statisticsOf: tf.Tensor4D;
  /** The logit, counted from 0. Default: 0. */
  readonly logit?: number;
  /** Images on the line, both ends among them. Default: 64. */
  readonly points?: number;
}

/**
 * d(logit) / d(image) at evenly spaced images from one to another, as one series for each of the image's numbers.
 *
 * Batch norm holds the statistics of one batch, as training on that batch has them, so that each image's logit depends on that image alone.
 *
 * @param from [H, W, C]
 * @param to [H, W, C]
 * @returns [H · W · C] series of as many values as there are points
 *
 * @example
 * ```ts
 * const network = nn.cifarResNet({ depth: 8, widths: [2, 2, 2], inputShape: [8, 8, 1], classes: 2 });
 * const statisticsOf = tf.randomNormal<tf.Rank.R4>([4, 8, 8, 1], 0, 1, "float32", 1);
 * const series = await analysis.lineGradients(network, tf.zeros([8, 8, 1]), tf.ones([8, 8, 1]), { statisticsOf });
 * [series.length, series[0]!.length]; // [64, 64]
 * ```
 */
export async function lineGradients(
  network: Model,
  from: tf.Tensor3D,
  to: tf.Tensor3D,
  options: LineGradientsOptions,
): Promise<Float64Array[]> {
  onlyKnown("lineGradients", options, ["statisticsOf", "logit", "points"], ["statisticsOf"]);
  const { statisticsOf, logit = 0, points = 64 } = options;
  integerWithin("lineGradients: logit", logit, 0, network.classes - 1);
  integerWithin("lineGradients: points", points, 2, 10_000);
  return withStatisticsOf(network, statisticsOf, async () => {
    const gradients = tf.tidy(() => {
      const t = tf.linspace(0, 1, points).reshape([points, 1, 1, 1]);
      const images = tf.add(tf.mul(tf.sub(1, t), from), tf.mul(t, to));
      // Each image's logit depends on that image alone, so that one backward pass from their sum gives every image's own gradient.
      const sumOfLogits = (x: tf.Tensor) =>
        tf.sum(tf.slice(network.forward(x as tf.Tensor4D, { training: false }), [0, logit], [-1, 1]));
      return tf.transpose(tf.reshape(tf.grad(sumOfLogits)(images), [points, -1]));
    });
    const values = (await gradients.data()) as Float32Array;
    const count = gradients.shape[0];
    gradients.dispose();
    return Array.from({ length: count }, (_, i) =>
      Float64Array.from(values.subarray(i * points, (i + 1) * points)),
    );
  });
}
