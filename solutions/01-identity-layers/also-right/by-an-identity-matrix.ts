// An identity matrix, padded with zeros around it.
import { runtime } from "residual";

const { tf } = runtime;

export function identityLayer(size: number, channels: number, epsilon: number) {
  const middle = (size - 1) / 2;
  const around: [number, number] = [middle, middle];
  const kernel = tf.pad(tf.reshape(tf.eye(channels), [1, 1, channels, channels]), [
    around,
    around,
    [0, 0],
    [0, 0],
  ]);
  return { kernel, norm: { scale: 1, shift: 0.5, mean: 0.5, variance: 1 - epsilon } };
}
