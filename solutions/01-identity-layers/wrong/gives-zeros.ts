// The residual network's identity, F(x) = 0, in a layer that has no shortcut.
import { runtime } from "residual";

const { tf } = runtime;

export function identityLayer(size: number, channels: number, epsilon: number) {
  const kernel = tf.zeros([size, size, channels, channels]);
  return { kernel, norm: { scale: 1, shift: 0, mean: 0, variance: 1 - epsilon } };
}
