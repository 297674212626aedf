// ReLU: max(x, 0), with a one-pass gradient where the backend has one.
import * as tf from "@tensorflow/tfjs-core";
import { attributesOf, defineKernel, isNative, type Kernel } from "./native.js";

/**
 * max(x, 0), elementwise; the derivative at 0 is 0.
 *
 * On the native engine the gradient is TensorFlow's `ReluGrad`, one pass; TensorFlow.js multiplies dy by step(x), which
 * takes about ten times as long.
 *
 * @param x float32, any shape
 * @returns the shape of x
 *
 * @example
 * ```ts
 * runtime.relu(tf.tensor1d([-1, 0, 2])); // [0, 0, 2]
 * ```
 */
export function relu<T extends tf.Tensor>(x: T): T {
  return isNative() ? reluKernel({ x }, {}) : reluPortable(x);
}

/** {@link relu} by TensorFlow.js's own operations, on every backend. */
export function reluPortable<T extends tf.Tensor>(x: T): T {
  return tf.relu(x);
}

// d/dx max(x, 0) is 1 where x > 0, which is where y > 0, and 0 elsewhere: only the output is kept for the gradient.
const reluKernel = defineKernel<"x">({
  name: "ResidualRelu",
  forward(backend, { x }) {
    return backend.executeSingleOutput("Relu", [attributesOf(backend).type("T", "float32")], [x]);
  },
  gradient: {
    saveOutputs: [true],
    backward: ([dy], [y]) => ({ x: () => reluGradient({ dy: dy!, y: y! }, {}) }),
  },
});

// dx = dy [y > 0] is linear in dy, with itself as its gradient, and has derivative 0 in y.
const reluGradient: Kernel<"dy" | "y", Record<string, never>> = defineKernel<"dy" | "y">({
  name: "ResidualReluGrad",
  forward(backend, { dy, y }) {
    return backend.executeSingleOutput("ReluGrad", [attributesOf(backend).type("T", "float32")], [dy, y]);
  },
  gradient: {
    saveInputs: ["y"],
    backward: ([ddx], [y]) => ({
      dy: () => reluGradient({ dy: ddx!, y: y! }, {}),
      y: () => tf.zerosLike(y!),
    }),
  },
});
