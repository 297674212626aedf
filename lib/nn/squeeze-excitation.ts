// Squeeze and excitation: a factor for each channel of F(x), computed from the channels' means.
import * as tf from "@tensorflow/tfjs-core";
import { relu, sigmoid } from "./activation.js";
import { dense } from "./dense.js";
import type { Gate } from "./gate.js";
import { globalAveragePool } from "./pool.js";
import { sequential } from "./sequential.js";

/**
 * y = f(h(x) + s(F(x)) F(x)) with s(u) = sigmoid(W_2 relu(W_1 z)), z the means of the channels of u (Hu et al. 2018, *Squeeze-and-Excitation
 * Networks*, equations 2 to 4). W_1 gives channels / reduction numbers, W_2 a factor for each channel. The published weights have a bias
 * in both, and so have these.
 *
 * Parameters: `reduce.weight`, `reduce.bias`, `expand.weight`, `expand.bias`.
 *
 * @param reduction r; 16 in the paper. At least one number is left.
 *
 * @example
 * ```ts
 * nn.squeezeExcitation(64, 16)
 *   .parameters()
 *   .map(({ name }) => name); // ["reduce.weight", "reduce.bias", "expand.weight", "expand.bias"]
 * ```
 */
export function squeezeExcitation(channels: number, reduction: number): Gate {
  const squeezed = Math.max(1, Math.floor(channels / reduction));
  const layer = sequential({
    squeeze: globalAveragePool(),
    reduce: dense(channels, squeezed, { gain: 2 }),
    relu: relu(),
    expand: dense(squeezed, channels),
    sigmoid: sigmoid(),
  });
  return {
    kind: "squeeze and excitation",
    terms: 1,
    parameters: () => layer.parameters(),
    rows: (_, residual) => layer.rows(residual.shape, residual.field),
    receptiveField: (_, residual) => layer.receptiveField(residual),
    factors: (_, mode) => ({
      residual: (u) => tf.reshape(layer.forward(u, mode), [u.shape[0], 1, 1, channels]),
    }),
  };
}
