// Stochastic gradient descent with momentum and weight decay, as the papers train.
import * as tf from "@tensorflow/tfjs-core";
import { finite, onlyKnown, shown } from "../options.js";
import { weightDecayOf, type Optimizer, type WeightDecayOptions } from "./optimizer.js";

/** Options of `sgd`. */
export interface SgdOptions extends WeightDecayOptions {
  /** The share of the last velocity that stays; 0.9 by default, 0 for none. */
  readonly momentum?: number;
  /** Looks ahead by one momentum step; false by default. */
  readonly nesterov?: boolean;
  /** The factor of the weights that is added to their gradient; 1e-4 by default. */
  readonly weightDecay?: number;
}

/**
 * SGD with momentum, for gradient g, weights w, momentum m, weight decay d and rate r:
 *
 *     v <- m v + g + d w
 *     w <- w - r v                  with Nesterov: w <- w - r (g + d w + m v)
 *
 * The velocity v does not contain the rate, as in Torch and PyTorch: when the schedule divides the rate by 10, the next
 * update is 10 times smaller. (Caffe keeps r inside v, and glides for a few steps. At a constant rate both are the same.)
 *
 * @throws RangeError where momentum is outside [0, 1), weight decay is negative, or Nesterov has no momentum.
 *
 * @example
 * ```ts
 * train.sgd({ momentum: 0.9, weightDecay: 1e-4 }).description; // { optimizer: "sgd", momentum: 0.9, nesterov: false, weightDecay: 0.0001, decay: "all" }
 * ```
 */
export function sgd(options: SgdOptions = {}): Optimizer {
  onlyKnown("sgd", options, ["momentum", "nesterov", "weightDecay", "decay"]);
  const { momentum = 0.9, nesterov = false } = options;
  const { weightDecay, decay, decays } = weightDecayOf("sgd", options, 1e-4);
  if (typeof nesterov !== "boolean")
    throw new TypeError(`sgd: nesterov must be true or false; got ${shown(nesterov)}`);
  finite("sgd: momentum", momentum);
  if (!(momentum >= 0 && momentum < 1)) {
    throw new RangeError(`momentum must be at least 0 and below 1; got ${momentum}`);
  }
  if (nesterov && momentum === 0) throw new RangeError("Nesterov needs a momentum above 0; got 0");

  return {
    description: { optimizer: "sgd", momentum, nesterov, weightDecay, decay },
    start(variables) {
      const velocities =
        momentum === 0
          ? []
          : variables.map(({ name, variable }) => ({
              name: `momentum/${name}`,
              variable: tf.tidy(() => tf.variable(tf.zeros(variable.shape), false)),
            }));
      return {
        variables: velocities,
        update(gradients, learningRate) {
          const m = tf.scalar(momentum);
          const d = tf.scalar(weightDecay);
          variables.forEach((trained, i) => {
            const weights = trained.variable;
            // Five operations a variable, 1.9 ms in all for ResNet-20; one update of all of them flattened takes 1.6 ms,
            // of about 300 for the whole step.
            tf.tidy(() => {
              const slope = decays(trained) ? [gradients[i]!, tf.mul(weights, d)] : [gradients[i]!];
              let change: tf.Tensor;
              const velocity = velocities[i]?.variable;
              if (velocity) {
                velocity.assign(tf.addN([tf.mul(velocity, m), ...slope]));
                change = nesterov ? tf.addN([tf.mul(velocity, m), ...slope]) : velocity;
              } else {
                change = tf.addN(slope);
              }
              weights.assign(tf.sub(weights, tf.mul(change, learningRate)));
            });
          });
        },
        dispose() {
          tf.dispose(velocities.map(({ variable }) => variable));
        },
      };
    },
  };
}
