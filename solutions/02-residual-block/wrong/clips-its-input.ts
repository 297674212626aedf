// The residual never sees numbers below -3.
import { runtime } from "residual";

const { tf } = runtime;
type Images = runtime.tf.Tensor4D;

export function residualBlock(x: Images, first: Images, second: Images): Images {
  const clipped = tf.maximum<Images>(x, -3);
  const hidden = runtime.relu(runtime.conv2d(clipped, first, 1, 1));
  return runtime.relu(tf.add<Images>(runtime.conv2d(hidden, second, 1, 1), x));
}
