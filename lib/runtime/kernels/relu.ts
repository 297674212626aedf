// ReLU: max(x, 0), with a one-pass gradient where the backend has one.
import * as tf from "@tensorflow/tfjs-core";

/** max(x, 0), elementwise. */
export function relu<T extends tf.Tensor>(x: T): T {
  return tf.relu(x);
}
