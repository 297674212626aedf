// Two convolutions with nothing between them.
import { runtime } from "residual";

const { tf } = runtime;
type Images = runtime.tf.Tensor4D;

export function residualBlock(x: Images, first: Images, second: Images): Images {
  return runtime.relu(tf.add(runtime.conv2d(runtime.conv2d(x, first, 1, 1), second, 1, 1), x));
}
