// The 1 in the corner of the window.
import { runtime } from "residual";

const { tf } = runtime;

export function identityLayer(size: number, channels: number, epsilon: number) {
  const kernel = tf.buffer([size, size, channels, channels]);
  for (let c = 0; c < channels; c++) kernel.set(1, 0, 0, c, c);
  return { kernel: kernel.toTensor(), norm: { scale: 1, shift: 0, mean: 0, variance: 1 - epsilon } };
}
