// A 1 from every channel to every channel.
import { runtime } from "residual";

const { tf } = runtime;

export function identityLayer(size: number, channels: number, epsilon: number) {
  const kernel = tf.buffer([size, size, channels, channels]);
  const middle = (size - 1) / 2;
  for (let a = 0; a < channels; a++) for (let b = 0; b < channels; b++) kernel.set(1, middle, middle, a, b);
  return { kernel: kernel.toTensor(), norm: { scale: 1, shift: 0, mean: 0, variance: 1 - epsilon } };
}
