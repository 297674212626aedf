// Variance 1, so that each layer shrinks its input a little.
// Believed: Batch norm with mean 0 and variance 1 is exactly the identity.
// In class: It divides by the root of the variance plus epsilon, so each such layer shrinks its input a little, and layers multiply. Ask what
// a small error does when it is passed through fifty layers.
import { runtime } from "residual";

const { tf } = runtime;

export function identityLayer(size: number, channels: number) {
  const kernel = tf.buffer([size, size, channels, channels]);
  const middle = (size - 1) / 2;
  for (let c = 0; c < channels; c++) kernel.set(1, middle, middle, c, c);
  return { kernel: kernel.toTensor(), norm: { scale: 1, shift: 0, mean: 0, variance: 1 } };
}
