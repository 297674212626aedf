// Adam, with weight decay in the gradient or apart from it: running means of gradients and of their squares decide each weight's step.
import * as tf from "@tensorflow/tfjs-core";
import { numberWithin, onlyKnown } from "../options.js";
import { weightDecayOf, type Optimizer, type WeightDecayOptions } from "./optimizer.js";

/** Options of `adam` and `adamW`; the defaults are PyTorch's. */
export interface AdamOptions extends WeightDecayOptions {
  /** The share of the gradients' running mean that stays; 0.9 by default. */
  readonly beta1?: number;
  /** The share of the squares' running mean that stays; 0.999 by default. */
  readonly beta2?: number;
  /** Added to the root of the squares' mean; 1e-8 by default. */
  readonly epsilon?: number;
  /** How strongly weights are drawn to 0: 0 by default in `adam`, 0.01 in `adamW`. */
  readonly weightDecay?: number;
}

/**
 * Adam (Kingma and Ba 2015, algorithm 1), for gradient g, weights w, weight decay d, rate r and the number t of the update:
 *
 *     g <- g + d w
 *     m <- beta1 m + (1 - beta1) g,    v <- beta2 v + (1 - beta2) g^2
 *     w <- w - r (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)
 *
 * Its usual rate is 0.001: give `fit` a schedule such as `train.constant(0.001)`.
 *
 * @throws RangeError where beta1 or beta2 is outside [0, 1), epsilon is not above 0, or weight decay is negative.
 *
 * @example
 * ```ts
 * train.adam().description; // { optimizer: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, decay: "all" }
 * ```
 */
export function adam(options: AdamOptions = {}): Optimizer {
  return adamOf("adam", options, 0);
}

/**
 * AdamW (Loshchilov and Hutter 2019, algorithm 2): as `adam`, but the decay is no part of the gradient. Before the update each weight is
 * multiplied by 1 - r d, so a weight with large gradients decays as much as one with small ones.
 *
 * @throws RangeError where beta1 or beta2 is outside [0, 1), epsilon is not above 0, or weight decay is negative.
 *
 * @example
 * ```ts
 * train.adamW({ weightDecay: 0.05 }).description; // { optimizer: "adamW", beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.05, decay: "all" }
 * ```
 */
export function adamW(options: AdamOptions = {}): Optimizer {
  return adamOf("adamW", options, 0.01);
}

function adamOf(name: "adam" | "adamW", options: AdamOptions, usualDecay: number): Optimizer {
  onlyKnown(name, options, ["beta1", "beta2", "epsilon", "weightDecay", "decay"]);
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  const { weightDecay, decay, decays } = weightDecayOf(name, options, usualDecay);
  for (const [option, beta] of [
    ["beta1", beta1],
    ["beta2", beta2],
  ] as const) {
    // prettier-ignore
    if (numberWithin(`${name}: ${option}`, beta, 0, 1) === 1)
      throw new RangeError(`${name}: ${option} must be below 1; got 1`);
  }
  if (numberWithin(`${name}: epsilon`, epsilon, 0, 1) === 0)
    throw new RangeError(
      `${name}: epsilon must be above 0, since a weight without gradients would be divided by 0; got 0`,
    );

  return {
    description: { optimizer: name, beta1, beta2, epsilon, weightDecay, decay },
    start(variables) {
      const zeros = (kind: string, label: string, shape: number[]) => ({
        name: `${kind}/${label}`,
        variable: tf.tidy(() => tf.variable(tf.zeros(shape), false)),
      });
      const means = variables.map(({ name, variable }) => zeros("adam-mean", name, variable.shape));
      const squares = variables.map(({ name, variable }) => zeros("adam-square", name, variable.shape));
      // 1 - beta^t, from 0 on: 1 - beta2^t itself would lose digits in float32, because it is small.
      const share1 = zeros("adam", "share1", []);
      const share2 = zeros("adam", "share2", []);
      const memory = [share1, share2, ...means, ...squares];
      const towards = (variable: tf.Variable, value: tf.Tensor, beta: number): tf.Tensor => {
        variable.assign(tf.add(tf.mul(variable, tf.scalar(beta)), tf.mul(value, tf.scalar(1 - beta))));
        return variable;
      };
      return {
        variables: memory,
        update(gradients, learningRate) {
          const one = tf.scalar(1);
          const step = tf.div(learningRate, towards(share1.variable, one, beta1));
          const root = tf.sqrt(towards(share2.variable, one, beta2));
          variables.forEach((trained, i) => {
            const weights = trained.variable;
            tf.tidy(() => {
              const pull = decays(trained) ? tf.mul(weights, tf.scalar(weightDecay)) : undefined;
              const inGradient = name === "adam" ? pull : undefined;
              const slope = inGradient ? tf.add(gradients[i]!, inGradient) : gradients[i]!;
              const mean = towards(means[i]!.variable, slope, beta1);
              const square = towards(squares[i]!.variable, tf.square(slope), beta2);
              const size = tf.add(tf.div(tf.sqrt(square), root), tf.scalar(epsilon));
              const change = tf.div(tf.mul(mean, step), size);
              const start = pull && !inGradient ? tf.sub(weights, tf.mul(pull, learningRate)) : weights;
              weights.assign(tf.sub(start, change));
            });
          });
        },
        dispose() {
          tf.dispose(memory.map(({ variable }) => variable));
        },
      };
    },
  };
}
