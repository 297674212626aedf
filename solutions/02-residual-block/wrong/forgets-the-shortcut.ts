// The plain block: a test of shapes accepts it.
// Believed: The shapes fit and the loss falls, so the block is right.
// In class: Ask for an input that tells the two apart before anybody trains. With kernels of zeros a residual block gives ReLU(x), and a plain
// block gives zeros.
import { runtime } from "residual";

type Images = runtime.tf.Tensor4D;

export function residualBlock(x: Images, first: Images, second: Images): Images {
  return runtime.relu(runtime.conv2d(runtime.relu(runtime.conv2d(x, first, 1, 1)), second, 1, 1));
}
