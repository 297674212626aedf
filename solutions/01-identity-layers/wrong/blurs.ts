// An average over the window.
import { runtime } from "residual";

const { tf } = runtime;

export function identityLayer(size: number, channels: number, epsilon: number) {
  const kernel = tf.buffer([size, size, channels, channels]);
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) for (let c = 0; c < channels; c++) kernel.set(1 / size ** 2, i, j, c, c);
  return { kernel: kernel.toTensor(), norm: { scale: 1, shift: 0, mean: 0, variance: 1 - epsilon } };
}
