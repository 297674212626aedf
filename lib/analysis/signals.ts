// How large the signal is, and its gradient, at every depth of a network: does anything vanish or explode on the way?
import * as tf from "@tensorflow/tfjs-core";
import type { Model } from "../nn/model.js";
import { onlyKnown } from "../options.js";
import { gradientsAt, keepingStatistics, valuesAt } from "./passes.js";

/** What is measured at one place of a network. */
export interface Signal {
  /** The place, such as `stage2.unit1`: its output is measured. */
  readonly name: string;
  /** Standard deviation of the activations over images, positions and channels. */
  readonly deviation: number;
  /** Euclidean norm of the gradient of the mean loss with respect to those activations. */
  readonly gradientNorm: number;
}

/** Where a network is measured. */
export interface SignalsOptions {
  /** Places that the forward pass reports, such as `block1.unit3` of a DenseNet. Default: every residual unit. */
  readonly names?: readonly string[];
}

/**
 * Activations and their gradients after every unit, for one batch in training mode, as the first step of training would meet
 * them. Running statistics are left as they were. What layers draw at random, as stochastic depth does, is one draw for the whole measurement.
 *
 * @param images [N, H, W, C]
 * @param labels [N], int32
 * @throws RangeError where there are no units, as in a DenseNet, and no names were given; Error for a name that is not reported.
 *
 * @example
 * ```ts
 * const network = nn.cifarResNet({ depth: 8, widths: [2, 2, 2], inputShape: [8, 8, 1], classes: 2 });
 * const signals = await analysis.signalsThroughDepth(
 *   network,
 *   tf.ones([2, 8, 8, 1]),
 *   tf.tensor1d([0, 1], "int32"),
 * );
 * signals.map(({ name }) => name); // ["stage1.unit1", "stage2.unit1", "stage3.unit1"]
 * ```
 */
export async function signalsThroughDepth(
  network: Model,
  images: tf.Tensor4D,
  labels: tf.Tensor1D,
  options: SignalsOptions = {},
): Promise<Signal[]> {
  onlyKnown("signalsThroughDepth", options, ["names"]);
  const { names = network.units.map(({ name }) => name) } = options;
  if (names.length === 0) {
    throw new RangeError("a network without residual units has to be told where to measure: give `names`");
  }
  return keepingStatistics(network, async () => {
    const [deviations, gradientNorms] = tf.tidy(() => {
      const found = valuesAt(network, names, images, (value) => tf.sqrt(tf.moments(value).variance));
      const spread = tf.stack(found.map(({ value }) => value));
      for (const { value } of found) value.dispose();
      const shapes = found.map(({ shape }) => shape);
      const gradients = gradientsAt(network, names, shapes, images, labels);
      return [spread, tf.stack(gradients.map((gradient) => tf.norm(gradient)))];
    });
    const [deviation, gradientNorm] = await Promise.all([deviations.data(), gradientNorms.data()]);
    deviations.dispose();
    gradientNorms.dispose();
    return names.map((name, i) => ({ name, deviation: deviation[i]!, gradientNorm: gradientNorm[i]! }));
  });
}
