// The right correction with the wrong sign.
import { runtime } from "residual";

const { tf } = runtime;

export function identityLayer(size: number, channels: number, epsilon: number) {
  const kernel = tf.buffer([size, size, channels, channels]);
  const middle = (size - 1) / 2;
  for (let c = 0; c < channels; c++) kernel.set(1, middle, middle, c, c);
  return { kernel: kernel.toTensor(), norm: { scale: 1, shift: 0, mean: 0, variance: 1 + epsilon } };
}
