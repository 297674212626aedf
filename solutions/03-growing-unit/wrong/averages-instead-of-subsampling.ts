// An average pool on the shortcut.
import { runtime, shapes } from "residual";

const { tf } = runtime;

type Output = shapes.Images<16, 16, 32>;

export function growingUnit(
  x: shapes.Images<32, 32, 16>,
  first: shapes.Shape<readonly [3, 3, 16, 32]>,
  second: shapes.Shape<readonly [3, 3, 32, 32]>,
): Output {
  const residual = shapes.conv2d(shapes.relu(shapes.conv2d(x, first, 2)), second, 1);
  const shortcut = shapes.shaped(
    tf.pad(tf.avgPool(x.tensor as runtime.tf.Tensor4D, 2, 2, "valid"), [
      [0, 0],
      [0, 0],
      [0, 0],
      [0, 16],
    ]),
    ["N", 16, 16, 32],
  );
  return shapes.relu(shapes.add(residual, shortcut));
}
