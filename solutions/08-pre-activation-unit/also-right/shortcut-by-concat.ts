// The new channels joined as zeros.
import { runtime, shapes } from "residual";

const { tf } = runtime;

type Output = shapes.Images<4, 4, 8>;

export function preActivationUnit(
  x: shapes.Images<8, 8, 4>,
  firstNorm: shapes.Norm<4>,
  first: shapes.Shape<readonly [3, 3, 4, 8]>,
  secondNorm: shapes.Norm<8>,
  second: shapes.Shape<readonly [3, 3, 8, 8]>,
): Output {
  const half = shapes.subsample(x);
  const nothing = shapes.shaped(tf.zerosLike(half.tensor), ["N", 4, 4, 4]);
  const shortcut = shapes.concat(half, nothing);
  let y = shapes.conv2d(shapes.relu(shapes.norm(x, firstNorm)), first, 2);
  y = shapes.conv2d(shapes.relu(shapes.norm(y, secondNorm)), second, 1);
  return shapes.add(shortcut, y);
}
