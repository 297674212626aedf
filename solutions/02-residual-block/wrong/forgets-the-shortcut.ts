// The plain block: a test of shapes accepts it.
import { runtime } from "residual";

type Images = runtime.tf.Tensor4D;

export function residualBlock(x: Images, first: Images, second: Images): Images {
  return runtime.relu(runtime.conv2d(runtime.relu(runtime.conv2d(x, first, 1, 1)), second, 1, 1));
}
