// Makes second derivatives an error where TensorFlow.js would silently give wrong ones.
import * as tf from "@tensorflow/tfjs-core";

/** The error for a derivative of a gradient. */
export function noSecondDerivative(operation: string): Error {
  return new Error(
    `${operation} has a first derivative only; for a second one take differences of first derivatives`,
  );
}

/**
 * Gives the gradient unchanged, and makes differentiating it throw.
 *
 * TensorFlow.js forgets how a saved *output* depends on the inputs (it puts the copy on the tape before the operation that
 * makes it), so a gradient computed from one has a wrong derivative: d2/dx2 of x exp(x) at 0.5 comes out as 3.30
 * instead of 4.12. A gradient that uses such a tensor names here the input that it came from.
 *
 * @param gradient what a backward pass computed
 * @param source the saved input that the gradient depends on
 * @param operation the name for the message
 */
export function firstOrderOnly<T extends tf.Tensor>(gradient: T, source: tf.Tensor, operation: string): T {
  const sealed = tf.customGrad((...inputs) => ({
    value: (inputs[0] as T).clone(),
    gradFunc: () => {
      throw noSecondDerivative(operation);
    },
  }));
  return sealed(gradient, source);
}
