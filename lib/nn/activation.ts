// ReLU and sigmoid as layers.
import * as tf from "@tensorflow/tfjs-core";
import * as runtime from "../runtime/index.js";
import { leaf, type Layer } from "./layer.js";

/** max(x, 0), elementwise. */
export function relu(): Layer {
  return leaf({ kind: "relu", forward: (x) => runtime.relu(x), outputShape: (input) => input });
}

/** 1 / (1 + exp(-x)), elementwise: what a gate ends with. */
export function sigmoid(): Layer {
  return leaf({ kind: "sigmoid", forward: (x) => tf.sigmoid(x), outputShape: (input) => input });
}
