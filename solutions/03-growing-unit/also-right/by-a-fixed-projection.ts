// Option A as a 1x1 convolution whose kernel is fixed: ones from each channel to itself.
import { runtime, shapes } from "residual";

const { tf } = runtime;

type Output = shapes.Images<16, 16, 32>;

export function growingUnit(
  x: shapes.Images<32, 32, 16>,
  first: shapes.Shape<readonly [3, 3, 16, 32]>,
  second: shapes.Shape<readonly [3, 3, 32, 32]>,
): Output {
  const residual = shapes.conv2d(shapes.relu(shapes.conv2d(x, first, 2)), second, 1);
  const kernel = shapes.shaped(tf.reshape(tf.eye(16, 32), [1, 1, 16, 32]), [1, 1, 16, 32]);
  return shapes.relu(shapes.add(residual, shapes.conv2d(x, kernel, 2)));
}
