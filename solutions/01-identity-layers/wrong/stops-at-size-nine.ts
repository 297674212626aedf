// Looks for the middle within the first five rows and columns.
import { runtime } from "residual";

const { tf } = runtime;

export function identityLayer(size: number, channels: number, epsilon: number) {
  const kernel = tf.buffer([size, size, channels, channels]);
  const middle = Math.min((size - 1) / 2, 4);
  for (let c = 0; c < channels; c++) kernel.set(1, middle, middle, c, c);
  return {
    kernel: kernel.toTensor() as runtime.tf.Tensor4D,
    norm: { scale: 1, shift: 0, mean: 0, variance: 1 - epsilon },
  };
}
