// Batch normalisation with running statistics, as the papers use it.
import type * as tf from "@tensorflow/tfjs-core";
import { batchNormInference, batchNormTraining } from "../runtime/index.js";
import { leaf, type Layer } from "./layer.js";
import { numberWithin, onlyKnown } from "./options.js";
import { Parameter } from "./parameter.js";
import { imageOf } from "./shape.js";

/** How `batchNorm` averages. */
export interface BatchNormOptions {
  /** Share of the running statistics that a training step keeps. Default: 0.9. */
  readonly momentum?: number;
  /** Added to the variance. Default: 1e-5. */
  readonly epsilon?: number;
}

/**
 * Batch normalisation over N, H and W (Ioffe and Szegedy 2015, algorithm 1). x [N, H, W, C] gives the same shape.
 *
 * Training: y = scale * (x - mean) / sqrt(variance + epsilon) + shift with the batch's mean and biased variance, and
 * running = momentum * running + (1 - momentum) * batch, where the batch's variance is the unbiased one (n - 1), as in the
 * authors' Torch code. Inference: the same formula with the running statistics.
 *
 * Parameters, each [C]: `scale` (starts at 1), `shift` (0), and the statistics `mean` (0) and `variance` (1).
 *
 * @throws RangeError in training if a channel has fewer than two values, of which no variance can be taken.
 *
 * @example
 * ```ts
 * nn.batchNorm(16).outputShape([8, 8, 16]); // [8, 8, 16]
 * ```
 */
export function batchNorm(channels: number, options: BatchNormOptions = {}): Layer {
  onlyKnown("batchNorm", options, ["momentum", "epsilon"]);
  const momentum = numberWithin("batchNorm: momentum", options.momentum ?? 0.9, 0, 1);
  const epsilon = numberWithin("batchNorm: epsilon", options.epsilon ?? 1e-5, 0, Infinity);
  const scale = new Parameter("scale", [channels], { constant: 1 });
  const shift = new Parameter("shift", [channels], { constant: 0 });
  const mean = new Parameter("statistic", [channels], { constant: 0 });
  const variance = new Parameter("statistic", [channels], { constant: 1 });
  const kind = "batch norm";

  return leaf({
    kind,
    parameters: { scale, shift, mean, variance },
    forward(input, { training }) {
      const x = input as tf.Tensor4D;
      const gamma = scale.variable as tf.Tensor1D;
      const beta = shift.variable as tf.Tensor1D;
      if (!training) {
        return batchNormInference(
          x,
          gamma,
          beta,
          mean.variable as tf.Tensor1D,
          variance.variable as tf.Tensor1D,
          epsilon,
        );
      }
      if (x.size <= channels) {
        throw new RangeError(
          `batch norm in training needs at least two values a channel; got one in [${x.shape.join(", ")}]: use a larger batch`,
        );
      }
      const running = { mean: mean.variable, variance: variance.variable, momentum };
      return batchNormTraining(x, gamma, beta, epsilon, running);
    },
    outputShape: (input) => imageOf(input, kind, channels),
  });
}
