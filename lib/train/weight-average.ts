// An exponential moving average of the weights beside their training.
import * as tf from "@tensorflow/tfjs-core";
import type { Optimizer } from "./optimizer.js";

const prefix = "average/";

/**
 * The optimizer, which also keeps an average of the weights after each update: the weights themselves after the first one, from then on
 * `average <- decay average + (1 - decay) weights`. It is part of what the optimizer remembers, so a checkpoint holds it too.
 */
export function averaging(optimizer: Optimizer, decay: number): Optimizer {
  return {
    description: { ...optimizer.description, averageDecay: decay },
    start(variables) {
      const state = optimizer.start(variables);
      const zeros = (name: string, shape: number[]) => ({
        name: prefix + name,
        variable: tf.tidy(() => tf.variable(tf.zeros(shape), false)),
      });
      const averages = variables.map(({ name, variable }) => zeros(name, variable.shape));
      // 0 before the first update and 1 after it: a tensor, since a compiled step is the same at every update.
      const begun = zeros("begun/", []);
      return {
        variables: [...state.variables, begun, ...averages],
        update(gradients, learningRate) {
          state.update(gradients, learningRate);
          const kept = tf.mul(begun.variable, tf.scalar(decay));
          const fresh = tf.sub(tf.scalar(1), kept);
          averages.forEach(({ variable }, i) => {
            tf.tidy(() => {
              variable.assign(tf.add(tf.mul(variable, kept), tf.mul(variables[i]!.variable, fresh)));
            });
          });
          begun.variable.assign(tf.scalar(1));
        },
        dispose() {
          state.dispose();
          tf.dispose([begun.variable, ...averages.map(({ variable }) => variable)]);
        },
      };
    },
  };
}

/** The average of the weight of this name among what an optimizer remembers; undefined where none is kept. */
export function averageOf(
  memory: readonly { readonly name: string; readonly variable: tf.Variable }[],
  name: string,
): tf.Variable | undefined {
  return memory.find((one) => one.name === prefix + name)?.variable;
}
