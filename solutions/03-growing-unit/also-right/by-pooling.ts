// Every second pixel as the maximum of a window of one, and the zeros added by concatenation.
import { runtime, shapes } from "residual";

const { tf } = runtime;

type Output = shapes.Images<16, 16, 32>;

export function growingUnit(
  x: shapes.Images<32, 32, 16>,
  first: shapes.Shape<readonly [3, 3, 16, 32]>,
  second: shapes.Shape<readonly [3, 3, 32, 32]>,
): Output {
  const residual = shapes.conv2d(shapes.relu(shapes.conv2d(x, first, 2)), second, 1);
  const half = tf.maxPool(x.tensor as runtime.tf.Tensor4D, 1, 2, "valid");
  const shortcut = tf.concat([half, tf.mul(half, 0)], 3);
  return shapes.relu(shapes.add(residual, shapes.shaped(shortcut, ["N", 16, 16, 32])));
}
