// A typed array filled by index; the scale makes up for epsilon, in float32.
import { runtime } from "residual";

const { tf } = runtime;

export function identityLayer(size: number, channels: number, epsilon: number) {
  const values = new Float32Array(size * size * channels * channels);
  const middle = ((size * size - 1) / 2) * channels * channels;
  for (let c = 0; c < channels; c++) values[middle + c * (channels + 1)] = 1;
  const [scale] = new Float32Array([Math.sqrt(0.5 + epsilon)]);
  return {
    kernel: tf.tensor4d(values, [size, size, channels, channels]),
    norm: { scale: scale!, shift: 0, mean: 0, variance: 0.5 },
  };
}
