// Puts the 1 where the middle of a 3x3 kernel is.
import { runtime } from "residual";

const { tf } = runtime;

export function identityLayer(size: number, channels: number, epsilon: number) {
  const kernel = tf.buffer([size, size, channels, channels]);
  for (let c = 0; c < channels; c++) kernel.set(1, Math.min(1, size - 1), Math.min(1, size - 1), c, c);
  return {
    kernel: kernel.toTensor() as runtime.tf.Tensor4D,
    norm: { scale: 1, shift: 0, mean: 0, variance: 1 - epsilon },
  };
}
