// Batch normalisation over [N, H, W, C] (Ioffe and Szegedy 2015), fused where the backend has a fused kernel.
import * as tf from "@tensorflow/tfjs-core";
import { noSecondDerivative } from "./first-order.js";
import { attributesOf, defineKernel, isNative, type NativeBackend } from "./native.js";
import {
  batchNormInferencePortable,
  batchNormTrainingPortable,
  type RunningStatistics,
} from "./batch-norm-portable.js";

export type { RunningStatistics } from "./batch-norm-portable.js";

/**
 * Batch normalisation by the batch's own statistics: `scale (x - mean) / sqrt(variance + epsilon) + shift` with the
 * biased variance of each channel over N, H and W.
 *
 * A channel with one value (N = H = W = 1) has variance 0, the unbiased one too: the result is `shift`, the gradient of x is 0.
 *
 * Native: TensorFlow's `FusedBatchNormV3` and `FusedBatchNormGradV3`. Only the first derivative exists, on
 * every backend; a second one throws.
 *
 * @param x [N, H, W, C] float32
 * @param scale gamma, [C]
 * @param shift beta, [C]
 * @param epsilon added to the variance, 1e-5 in the papers' code
 * @param running statistics to move; they take no part in the result or in its gradient
 * @returns [N, H, W, C]
 *
 * @example
 * ```ts
 * const x = tf.tensor4d([1, 3], [2, 1, 1, 1]); // [N, H, W, C]
 * runtime.batchNormTraining(x, tf.tensor1d([2]), tf.tensor1d([10]), 0); // [[[[8]]], [[[12]]]]
 * ```
 */
export function batchNormTraining(
  x: tf.Tensor4D,
  scale: tf.Tensor1D,
  shift: tf.Tensor1D,
  epsilon: number,
  running?: RunningStatistics,
): tf.Tensor4D {
  if (!isNative()) return batchNormTrainingPortable(x, scale, shift, epsilon, running);
  const [y, ...reserved] = trainingKernel<tf.Tensor[]>({ x, scale, shift }, { epsilon, running });
  tf.dispose(reserved); // the tape holds its own references
  return y as tf.Tensor4D;
}

/**
 * Batch normalisation by given statistics: `scale (x - mean) / sqrt(variance + epsilon) + shift`, differentiable once
 * with respect to all five tensors.
 *
 * @param x [N, H, W, C] float32
 * @param scale gamma, [C]
 * @param shift beta, [C]
 * @param mean [C]
 * @param variance [C], not negative
 * @param epsilon added to the variance
 * @returns [N, H, W, C]
 *
 * @example
 * ```ts
 * const [scale, shift, mean, variance] = [2, 10, 1, 4].map((value) => tf.tensor1d([value])); // one a channel
 * runtime.batchNormInference(tf.tensor4d([5], [1, 1, 1, 1]), scale, shift, mean, variance, 0); // [[[[14]]]]
 * ```
 */
export function batchNormInference(
  x: tf.Tensor4D,
  scale: tf.Tensor1D,
  shift: tf.Tensor1D,
  mean: tf.Tensor1D,
  variance: tf.Tensor1D,
  epsilon: number,
): tf.Tensor4D {
  if (!isNative()) return batchNormInferencePortable(x, scale, shift, mean, variance, epsilon);
  return inferenceKernel({ x, scale, shift, mean, variance }, { epsilon });
}

interface Epsilon {
  readonly epsilon: number;
}

/** The attributes that the forward and the backward operation share. */
function normAttributes(backend: NativeBackend, epsilon: number, training: boolean) {
  const { type, float, string, bool } = attributesOf(backend);
  return [
    type("T", "float32"),
    type("U", "float32"),
    float("epsilon", epsilon),
    string("data_format", "NHWC"),
    bool("is_training", training),
  ];
}

// FusedBatchNormV3 gives y, the mean and the unbiased variance, both blended with the running ones where it is given some, and
// three reserved tensors whose content is the device's own business (a CPU keeps the mean and the biased variance, cuDNN the
// inverse deviation) and which only the gradient reads.
const trainingKernel = defineKernel<
  "x" | "scale" | "shift",
  Epsilon & { running: RunningStatistics | undefined }
>({
  name: "ResidualBatchNormTraining",
  forward(backend, { x, scale, shift }, { epsilon, running }) {
    const batchShare = 1 - (running?.momentum ?? 0);
    const none = tf.tensor1d([], "float32");
    // A share of 1 means the batch's statistics alone, and TensorFlow then takes none to blend with.
    const [oldMean, oldVariance] =
      running && batchShare < 1 ? [running.mean, running.variance] : [none, none];
    const [y, mean, variance, ...reserved] = backend.executeMultipleOutputs(
      "FusedBatchNormV3",
      [
        ...normAttributes(backend, epsilon, true),
        attributesOf(backend).float("exponential_avg_factor", batchShare),
      ],
      [x, scale, shift, oldMean, oldVariance],
      6,
    );
    none.dispose();
    running?.mean.assign(mean!);
    running?.variance.assign(variance!);
    tf.dispose([mean!, variance!]);
    return [y!, ...reserved];
  },
  gradient: {
    saveInputs: ["x", "scale"],
    saveOutputs: [false, true, true, true],
    backward([dy], [x, scale, reserved1, reserved2, reserved3], { epsilon }) {
      const inputs = { dy: dy!, x: x!, scale: scale!, reserved1: reserved1!, reserved2: reserved2!, reserved3: reserved3! }; // prettier-ignore
      const [dx, dScale, dShift] = gradientKernel<tf.Tensor[]>(inputs, { epsilon, training: true });
      return { x: () => dx!, scale: () => dScale!, shift: () => dShift! };
    },
  },
});

const inferenceKernel = defineKernel<"x" | "scale" | "shift" | "mean" | "variance", Epsilon>({
  name: "ResidualBatchNormInference",
  forward(backend, { x, scale, shift, mean, variance }, { epsilon }) {
    const [y, ...rest] = backend.executeMultipleOutputs(
      "FusedBatchNormV3",
      normAttributes(backend, epsilon, false),
      [x, scale, shift, mean, variance],
      6,
    );
    tf.dispose(rest);
    return y!;
  },
  gradient: {
    saveInputs: ["x", "scale", "mean", "variance"],
    // With r = 1 / sqrt(variance + epsilon):  y = scale (x - mean) r + shift, so
    //   dShift    = sum dy,                     dScale = sum dy (x - mean) r,    dx = dy scale r,
    //   dMean     = -scale r sum dy           = -scale r dShift,
    //   dVariance = -scale r^3 / 2 sum dy (x - mean) = -scale r^2 / 2 dScale.
    backward([dy], [x, scale, mean, variance], { epsilon }) {
      const none = tf.tensor1d([], "float32");
      const inputs = { dy: dy!, x: x!, scale: scale!, reserved1: mean!, reserved2: variance!, reserved3: none }; // prettier-ignore
      const [dx, dScale, dShift] = gradientKernel<tf.Tensor[]>(inputs, { epsilon, training: false });
      return {
        x: () => dx!,
        scale: () => dScale!,
        shift: () => dShift!,
        mean: () => tf.neg(tf.mul(tf.mul(scale!, tf.rsqrt(tf.add(variance!, epsilon))), dShift!)),
        variance: () => tf.mul(tf.div(tf.mul(scale!, -0.5), tf.add(variance!, epsilon)), dScale!),
      };
    },
  },
});

const gradientKernel = defineKernel<
  "dy" | "x" | "scale" | "reserved1" | "reserved2" | "reserved3",
  Epsilon & { training: boolean }
>({
  name: "ResidualBatchNormGrad",
  forward(backend, { dy, x, scale, reserved1, reserved2, reserved3 }, { epsilon, training }) {
    const [dx, dScale, dShift, ...unused] = backend.executeMultipleOutputs(
      "FusedBatchNormGradV3",
      normAttributes(backend, epsilon, training),
      [dy, x, scale, reserved1, reserved2, reserved3],
      5,
    );
    tf.dispose(unused);
    return [dx!, dScale!, dShift!];
  },
  gradient: {
    backward() {
      throw noSecondDerivative("batch normalisation");
    },
  },
});
