// Clips gradients before an optimizer sees them: by their common norm, or each unit's by the size of its weights.
import * as tf from "@tensorflow/tfjs-core";
import type { Optimizer } from "./optimizer.js";

/** Added to the norm, as in PyTorch's `clip_grad_norm_`, so that gradients of 0 stay 0. */
const epsilon = 1e-6;

/** An optimizer's variables. */
type Variables = Parameters<Optimizer["start"]>[0];

/** The optimizer, given gradients that `clip` has changed. */
function clipped(
  optimizer: Optimizer,
  described: Readonly<Record<string, number>>,
  clip: (gradients: readonly tf.Tensor[], variables: Variables) => tf.Tensor[],
): Optimizer {
  return {
    description: { ...optimizer.description, ...described },
    start(variables) {
      const state = optimizer.start(variables);
      return {
        ...state,
        update(gradients, learningRate) {
          state.update(clip(gradients, variables), learningRate);
        },
      };
    },
  };
}

/**
 * The optimizer, given all gradients multiplied by `most / norm` where the norm of all of them together is larger than `most`.
 *
 * The norm is that of one long vector of all gradients, before weight decay.
 */
export function clippedByNorm(optimizer: Optimizer, most: number): Optimizer {
  return clipped(optimizer, { clipNorm: most }, (gradients) => {
    const norm = tf.sqrt(tf.addN(gradients.map((gradient) => tf.sum(tf.square(gradient)))));
    const factor = tf.minimum(tf.div(tf.scalar(most), tf.add(norm, tf.scalar(epsilon))), tf.scalar(1));
    return gradients.map((gradient) => tf.mul(gradient, factor));
  });
}

/** What a unit's weights count for at least, so that a unit that begins at 0 can leave it (Brock and others 2021, section 4). */
const leastWeights = 1e-3;

/**
 * The optimizer, given each unit's gradient at most `most` times as long as the unit's weights: adaptive gradient clipping (Brock, De, Smith and
 * Simonyan 2021, arXiv:2102.06171, section 4). A unit is all weights that lead to one output, of which the last axis of a kernel counts.
 *
 * It clips weights, not biases or batch norm's scale and shift, and not the last layer's, the classifier's: the last weight of those that are trained.
 */
export function clippedByUnit(optimizer: Optimizer, most: number): Optimizer {
  return clipped(optimizer, { adaptiveClip: most }, (gradients, variables) => {
    const last = variables.findLastIndex(({ role }) => role === "weight");
    return gradients.map((gradient, i) => {
      const { role, variable } = variables[i]!;
      return role === "weight" && i !== last ? clippedUnits(variable, gradient, most) : gradient;
    });
  });
}

function clippedUnits(weight: tf.Tensor, gradient: tf.Tensor, most: number): tf.Tensor {
  const incoming = weight.shape.slice(0, -1).map((_, axis) => axis);
  const norm = (values: tf.Tensor) => tf.sqrt(tf.sum(tf.square(values), incoming, true));
  const allowed = tf.mul(tf.maximum(norm(weight), tf.scalar(leastWeights)), tf.scalar(most));
  const factor = tf.div(allowed, tf.maximum(norm(gradient), tf.scalar(epsilon)));
  return tf.mul(gradient, tf.minimum(factor, tf.scalar(1)));
}
