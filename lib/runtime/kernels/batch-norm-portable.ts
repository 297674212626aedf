// Batch normalisation by TensorFlow.js's own operations: what backends without a fused kernel run, and its gradient derived.
import * as tf from "@tensorflow/tfjs-core";
import { firstOrderOnly } from "./first-order.js";

/** Running statistics, each [C], which a forward pass in training moves towards the batch's. */
export interface RunningStatistics {
  readonly mean: tf.Variable;
  /** Moves towards the unbiased variance (n - 1 in the denominator). */
  readonly variance: tf.Variable;
  /** The share that stays: `running <- momentum running + (1 - momentum) batch`. */
  readonly momentum: number;
}

const overBatch = [0, 1, 2];

/** `batchNormTraining` on every backend; same shapes, same conventions. */
export function batchNormTrainingPortable(
  x: tf.Tensor4D,
  scale: tf.Tensor1D,
  shift: tf.Tensor1D,
  epsilon: number,
  running?: RunningStatistics,
): tf.Tensor4D {
  const count = x.size / x.shape[3]; // n, the values of one channel
  const operation = tf.customGrad((...inputs) => {
    const [x, scale, shift, save] = inputs as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D, tf.GradSaveFunc];
    const { mean, variance } = tf.moments(x, overBatch) as Record<"mean" | "variance", tf.Tensor1D>;
    if (running) {
      move(running.mean, mean, running.momentum);
      move(running.variance, tf.mul(variance, count / Math.max(count - 1, 1)), running.momentum);
    }
    const r = tf.rsqrt(tf.add(variance, epsilon));
    const normalised = tf.mul(tf.sub(x, mean), r);
    save([x, scale, normalised, r]);
    return { value: tf.add(tf.mul(normalised, scale), shift), gradFunc: trainingGradient };
  });
  return operation(x, scale, shift) as tf.Tensor4D;
}

function move(running: tf.Variable, batch: tf.Tensor, momentum: number): void {
  running.assign(tf.add(tf.mul(running, momentum), tf.mul(batch, 1 - momentum)));
}

/**
 * For one channel, with u the normalised values, r = 1 / sqrt(variance + epsilon), y = scale u + shift and
 * g = dy scale, the chain rule has three terms, as mean and variance depend on every x:
 *
 *   u_i = (x_i - mean) r,  dmean/dx_j = 1/n,  dvariance/dx_j = 2 (x_j - mean) / n,  dr/dvariance = -r^3 / 2
 *   du_i/dx_j = r [i = j]  -  r / n  -  (x_i - mean) r^3 (x_j - mean) / n
 *             = r ([i = j] - 1/n - u_i u_j / n)
 *   dx_j = sum_i g_i du_i/dx_j = r (g_j - mean(g) - u_j mean(g u))
 *   dScale = sum dy u,  dShift = sum dy.
 */
function trainingGradient(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] {
  const [x, scale, normalised, r] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  const count = dy.size / r.size;
  const dShift = tf.sum(dy, overBatch);
  const dScale = tf.sum(tf.mul(dy, normalised), overBatch);
  const centred = tf.sub(tf.sub(dy, tf.div(dShift, count)), tf.mul(normalised, tf.div(dScale, count)));
  const dx = tf.mul(centred, tf.mul(scale, r));
  return [dx, dScale, dShift].map((gradient) => firstOrderOnly(gradient, x, "batchNormTraining"));
}

/** `batchNormInference` on every backend. */
export function batchNormInferencePortable(
  x: tf.Tensor4D,
  scale: tf.Tensor1D,
  shift: tf.Tensor1D,
  mean: tf.Tensor1D,
  variance: tf.Tensor1D,
  epsilon: number,
): tf.Tensor4D {
  return tf.tidy(() => {
    const factor = tf.mul(scale, tf.rsqrt(tf.add(variance, epsilon)));
    return tf.add(tf.mul(tf.sub(x, mean), factor), shift);
  });
}
