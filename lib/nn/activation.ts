// ReLU as a layer.
import * as runtime from "../runtime/index.js";
import { leaf, type Layer } from "./layer.js";

/** max(x, 0), elementwise. */
export function relu(): Layer {
  return leaf({ kind: "relu", forward: (x) => runtime.relu(x), outputShape: (input) => input });
}
