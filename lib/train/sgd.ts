// Stochastic gradient descent with momentum and weight decay, as the papers train.
import * as tf from "@tensorflow/tfjs-core";
import { finite, oneOf, onlyKnown, shown } from "../options.js";
import type { TrainableVariable } from "./trainable.js";

/** A rule that turns gradients into new weights. */
export interface Optimizer {
  /** Says the same in JSON. A checkpoint holds it, and a run with another optimizer does not resume from there. */
  readonly description: Readonly<Record<string, unknown>>;
  /** Makes what the rule remembers from step to step, all zeros, for these variables. */
  start(variables: readonly TrainableVariable[]): OptimizerState;
}

/** What an optimizer remembers, and its update. */
export interface OptimizerState {
  /** Saved in checkpoints beside the weights; the names are unlike those of any weight. */
  readonly variables: readonly { readonly name: string; readonly variable: tf.Variable }[];
  /**
   * Assigns the new weights; `gradients` are in the order of the variables that `start` got, and `rate` is a tensor so that a
   * recorded step can be replayed at another rate. Call it within `tf.tidy`.
   */
  update(gradients: readonly tf.Tensor[], rate: tf.Scalar): void;
  /** Frees the memory. */
  dispose(): void;
}

/** Options of `sgd`. */
export interface SgdOptions {
  /** The share of the last velocity that stays; 0.9 by default, 0 for none. */
  readonly momentum?: number;
  /** Looks ahead by one momentum step; false by default. */
  readonly nesterov?: boolean;
  /** The factor of the weights that is added to their gradient; 1e-4 by default. */
  readonly weightDecay?: number;
  /**
   * `all` (the default): everything trained decays, batch norm's scale and shift and all biases too, as in the code of the
   * papers: facebookarchive/fb.resnet.torch hands every parameter to one `optim.sgd`, `train.lua` lines 19 to 30, and the
   * papers name no exception. `weights-only`: convolution and dense kernels decay, as in many later recipes.
   */
  readonly decay?: "all" | "weights-only";
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
 */
export function sgd(options: SgdOptions = {}): Optimizer {
  onlyKnown("sgd", options, ["momentum", "nesterov", "weightDecay", "decay"]);
  const { momentum = 0.9, nesterov = false, weightDecay = 1e-4 } = options;
  const decay = oneOf("sgd: decay", options.decay ?? "all", ["all", "weights-only"]);
  if (typeof nesterov !== "boolean")
    throw new TypeError(`sgd: nesterov must be true or false; got ${shown(nesterov)}`);
  finite("sgd: momentum", momentum);
  finite("sgd: weightDecay", weightDecay);
  if (!(momentum >= 0 && momentum < 1)) {
    throw new RangeError(`momentum must be at least 0 and below 1; got ${momentum}`);
  }
  if (!(weightDecay >= 0 && weightDecay < Infinity)) {
    throw new RangeError(`weightDecay must be a finite number of at least 0; got ${weightDecay}`);
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
      const decays = variables.map(({ role }) => weightDecay > 0 && (decay === "all" || role === "weight"));
      return {
        variables: velocities,
        update(gradients, rate) {
          const m = tf.scalar(momentum);
          const d = tf.scalar(weightDecay);
          variables.forEach(({ variable: weights }, i) => {
            // Five operations a variable, 1.9 ms in all for ResNet-20; one update of all of them flattened takes 1.6 ms,
            // of about 300 for the whole step.
            tf.tidy(() => {
              const slope = decays[i] ? [gradients[i]!, tf.mul(weights, d)] : [gradients[i]!];
              let change: tf.Tensor;
              const velocity = velocities[i]?.variable;
              if (velocity) {
                velocity.assign(tf.addN([tf.mul(velocity, m), ...slope]));
                change = nesterov ? tf.addN([tf.mul(velocity, m), ...slope]) : velocity;
              } else {
                change = tf.addN(slope);
              }
              weights.assign(tf.sub(weights, tf.mul(change, rate)));
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
