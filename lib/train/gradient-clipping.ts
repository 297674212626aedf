// Clips gradients by their common norm before an optimizer sees them.
import * as tf from "@tensorflow/tfjs-core";
import type { Optimizer } from "./optimizer.js";

/** Added to the norm, as in PyTorch's `clip_grad_norm_`, so that gradients of 0 stay 0. */
const epsilon = 1e-6;

/**
 * The optimizer, given all gradients multiplied by `most / norm` where the norm of all of them together is larger than `most`.
 *
 * The norm is that of one long vector of all gradients, before weight decay.
 */
export function clippedByNorm(optimizer: Optimizer, most: number): Optimizer {
  return {
    description: { ...optimizer.description, clipNorm: most },
    start(variables) {
      const state = optimizer.start(variables);
      return {
        ...state,
        update(gradients, learningRate) {
          const norm = tf.sqrt(tf.addN(gradients.map((gradient) => tf.sum(tf.square(gradient)))));
          const factor = tf.minimum(tf.div(tf.scalar(most), tf.add(norm, tf.scalar(epsilon))), tf.scalar(1));
          const clipped = gradients.map((gradient) => tf.mul(gradient, factor));
          state.update(clipped, learningRate);
        },
      };
    },
  };
}
