// Batch normalisation over [N, H, W, C], fused where the backend has a fused kernel.
import * as tf from "@tensorflow/tfjs-core";

/** Receives the batch's mean and unbiased variance, each [C], before they are disposed. */
export type OnStatistics = (mean: tf.Tensor1D, variance: tf.Tensor1D) => void;

/** Batch normalisation by the batch's own statistics. x [N, H, W, C]; scale and shift [C]; gives [N, H, W, C]. */
export function batchNormTraining(
  x: tf.Tensor4D,
  scale: tf.Tensor1D,
  shift: tf.Tensor1D,
  epsilon: number,
  onStatistics: OnStatistics,
): tf.Tensor4D {
  const { mean, variance } = tf.moments(x, [0, 1, 2]);
  const count = x.size / x.shape[3];
  onStatistics(mean as tf.Tensor1D, tf.mul(variance, count / (count - 1)));
  return tf.batchNorm(x, mean as tf.Tensor1D, variance as tf.Tensor1D, shift, scale, epsilon);
}

/** Batch normalisation by given statistics. x [N, H, W, C]; the rest [C]; gives [N, H, W, C]. */
export function batchNormInference(
  x: tf.Tensor4D,
  scale: tf.Tensor1D,
  shift: tf.Tensor1D,
  mean: tf.Tensor1D,
  variance: tf.Tensor1D,
  epsilon: number,
): tf.Tensor4D {
  return tf.batchNorm(x, mean, variance, shift, scale, epsilon);
}
