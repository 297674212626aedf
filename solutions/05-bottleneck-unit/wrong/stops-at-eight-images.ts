// Has room for eight images.
import { runtime, shapes } from "residual";

const { tf } = runtime;

function cut(y: runtime.tf.Tensor): runtime.tf.Tensor {
  const room = Math.min(8, y.shape[0]);
  return tf.concat([tf.slice(y, 0, room), tf.zerosLike(tf.slice(y, room))]);
}

type Output = shapes.Images<4, 4, 16>;

export function bottleneck(
  x: shapes.Images<8, 8, 8>,
  reduce: shapes.Shape<readonly [1, 1, 8, 4]>,
  spatial: shapes.Shape<readonly [3, 3, 4, 4]>,
  expand: shapes.Shape<readonly [1, 1, 4, 16]>,
  projection: shapes.Shape<readonly [1, 1, 8, 16]>,
): Output {
  const few = shapes.relu(shapes.conv2d(x, reduce, 2));
  const residual = shapes.conv2d(shapes.relu(shapes.conv2d(few, spatial, 1)), expand, 1);
  const y = shapes.relu(shapes.add(residual, shapes.conv2d(x, projection, 2)));
  return { ...y, tensor: cut(y.tensor) };
}
