// What a model is to everything that trains, saves, measures or draws one: a network with values, or a view of one.
import type * as tf from "@tensorflow/tfjs-core";
import type { Architecture } from "./architecture.js";
import type { Mode, NamedVariable } from "./layer.js";

/** A network that can run: an `nn.Network`, or a view of one on another route through the same variables. */
export interface Model extends Architecture {
  /** x [N, H, W, C] gives logits [N, K]; every part reports its output to `mode` under its name. */
  forward(x: tf.Tensor4D, mode: Mode): tf.Tensor2D;
  /** Every variable in a fixed order. A view has those of its network that it uses, each once, under their own names. */
  variables(): readonly NamedVariable[];
  /** A view's differences from the network that `spec` builds, in the order in which they were made; JSON. Absent in a network. */
  readonly route?: readonly Readonly<Record<string, unknown>>[];
}

/** @throws RangeError if x is not of the model's `inputShape`. */
export function requireImages({ name, inputShape }: Pick<Model, "name" | "inputShape">, x: tf.Tensor): void {
  if (x.rank !== 4 || x.shape.slice(1).join() !== inputShape.join()) {
    throw new RangeError(`${name} takes images [N, ${inputShape.join(", ")}]; got [${x.shape.join(", ")}]`);
  }
}
