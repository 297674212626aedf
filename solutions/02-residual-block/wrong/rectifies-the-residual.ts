// A ReLU on F(x) before the addition.
// Believed: It does not matter on which side of the addition the ReLU stands.
// In class: A residual behind a ReLU can only add to its input and never take away. Let everybody draw Figure 2 from memory and compare where
// their ReLUs stand.
import { runtime } from "residual";

const { tf } = runtime;
type Images = runtime.tf.Tensor4D;

export function residualBlock(x: Images, first: Images, second: Images): Images {
  const hidden = runtime.relu(runtime.conv2d(x, first, 1, 1));
  const residual = runtime.relu(runtime.conv2d(hidden, second, 1, 1));
  return runtime.relu(tf.add(residual, x));
}
