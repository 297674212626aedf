// With maximum instead of ReLU, and the shortcut first.
import { runtime } from "residual";

const { tf } = runtime;
type Images = runtime.tf.Tensor4D;

export function residualBlock(x: Images, first: Images, second: Images): Images {
  const hidden = tf.maximum(tf.conv2d(x, first, 1, "same"), 0);
  const residual = tf.conv2d(hidden as Images, second, 1, "same");
  return tf.maximum(tf.addN([x, residual]), 0);
}
