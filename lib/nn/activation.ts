// ReLU and sigmoid as layers.
import * as tf from "@tensorflow/tfjs-core";
import * as runtime from "../runtime/index.js";
import { leaf, type Layer } from "./layer.js";

/**
 * max(x, 0), elementwise.
 *
 * @example
 * ```ts
 * nn.relu().forward(tf.tensor2d([[-1, 2]]), { training: false }); // [[0, 2]]
 * ```
 */
export function relu(): Layer {
  return leaf({ kind: "relu", forward: (x) => runtime.relu(x), outputShape: (input) => input });
}

/**
 * 1 / (1 + exp(-x)), elementwise: what a gate ends with.
 *
 * @example
 * ```ts
 * nn.sigmoid().forward(tf.tensor2d([[0, 2]]), { training: false }); // [[0.5, 0.8808]]
 * ```
 */
export function sigmoid(): Layer {
  return leaf({ kind: "sigmoid", forward: (x) => tf.sigmoid(x), outputShape: (input) => input });
}
