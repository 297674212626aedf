// What a layer is: a forward pass, the shape it gives, and variables with stable dotted names.
import type * as tf from "@tensorflow/tfjs-core";

/** A tensor's shape without the batch: `[H, W, C]`, or `[K]` after pooling. */
export type Shape = readonly number[];

/** How a forward pass runs. */
export interface Mode {
  /** True: batch statistics and their running averages are used and updated. False: running averages are read. */
  readonly training: boolean;
}

/**
 * What a variable is for. `weight` (convolution and dense kernels), `bias`, and batch norm's `scale` and `shift`
 * are trained; `statistic` (batch norm's running mean and variance) is changed by the forward pass in training.
 */
export type VariableRole = "weight" | "bias" | "scale" | "shift" | "statistic";

/** A variable with its place in the network, such as `stage2.unit1.conv1.weight`. */
export interface NamedVariable {
  readonly name: string;
  readonly role: VariableRole;
  readonly variable: tf.Variable;
}

/** A part of a network. */
export interface Layer {
  /** x [N, ...input] gives [N, ...outputShape(input)]. */
  forward(x: tf.Tensor, mode: Mode): tf.Tensor;
  /** The shape this layer gives for an input shape; throws the rule it breaks when it does not fit. */
  outputShape(input: Shape): Shape;
  /** Every variable below this layer, in a fixed order; names are relative to this layer. */
  variables(): readonly NamedVariable[];
}
