// What an optimizer is, and the weight decay that all of them share.
import type * as tf from "@tensorflow/tfjs-core";
import { oneOf, shown } from "../options.js";
import type { TrainableVariable } from "../model/trainable.js";

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
   * Assigns the new weights; `gradients` are in the order of the variables that `start` got, and `learningRate` is a tensor so that a
   * recorded step can be replayed at another one. Call it within `tf.tidy`.
   */
  update(gradients: readonly tf.Tensor[], learningRate: tf.Scalar): void;
  /** Frees the memory. */
  dispose(): void;
}

/** How an optimizer lets weights decay. */
export interface WeightDecayOptions {
  /** How strongly weights are drawn to 0. */
  readonly weightDecay?: number;
  /**
   * `all` (the default): everything trained decays, batch norm's scale and shift and all biases too, as in the code of the
   * papers: facebookarchive/fb.resnet.torch hands every parameter to one `optim.sgd`, `train.lua` lines 19 to 30, and the
   * papers name no exception. `weights-only`: convolution and dense kernels decay, as in many later recipes.
   */
  readonly decay?: "all" | "weights-only";
}

/** Both options checked, and whether a variable decays. */
export function weightDecayOf(what: string, options: WeightDecayOptions, usual: number) {
  const { weightDecay = usual } = options;
  const given: unknown = weightDecay; // JavaScript may pass anything
  if (typeof given !== "number" || !(given >= 0 && given < Infinity)) {
    throw new RangeError(`${what}: weightDecay must be a finite number of at least 0; got ${shown(given)}`);
  }
  const decay = oneOf(`${what}: decay`, options.decay ?? "all", ["all", "weights-only"]);
  const decays = ({ role }: TrainableVariable) => weightDecay > 0 && (decay === "all" || role === "weight");
  return { weightDecay, decay, decays };
}
