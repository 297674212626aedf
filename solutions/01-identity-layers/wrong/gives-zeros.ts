// The residual network's identity, F(x) = 0, in a layer that has no shortcut.
// Believed: A layer with weights of zero changes nothing.
// In class: In a plain layer zeros give zeros. Zero weights are the identity only beside a shortcut. Let the class say what each kind of layer
// must do to copy its input, and chapter 02 has begun.
import { runtime } from "residual";

const { tf } = runtime;

export function identityLayer(size: number, channels: number, epsilon: number) {
  const kernel = tf.zeros([size, size, channels, channels]);
  return { kernel, norm: { scale: 1, shift: 0, mean: 0, variance: 1 - epsilon } };
}
