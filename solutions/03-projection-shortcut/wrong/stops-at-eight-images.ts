// Has room for eight images.
import { runtime, shapes } from "residual";

const { tf } = runtime;

function cut(y: runtime.tf.Tensor): runtime.tf.Tensor {
  const room = Math.min(8, y.shape[0]);
  return tf.concat([tf.slice(y, 0, room), tf.zerosLike(tf.slice(y, room))]);
}

interface Parts {
  readonly first: shapes.Shape<readonly [3, 3, 4, 8]>;
  readonly firstNorm: shapes.Norm<8>;
  readonly second: shapes.Shape<readonly [3, 3, 8, 8]>;
  readonly secondNorm: shapes.Norm<8>;
  readonly projection: shapes.Shape<readonly [1, 1, 4, 8]>;
  readonly projectionNorm: shapes.Norm<8>;
}

type Output = shapes.Images<4, 4, 8>;

export function projectionUnit(x: shapes.Images<8, 8, 4>, parts: Parts): Output {
  const { first, firstNorm, second, secondNorm, projection, projectionNorm } = parts;
  const hidden = shapes.relu(shapes.norm(shapes.conv2d(x, first, 2), firstNorm));
  const residual = shapes.norm(shapes.conv2d(hidden, second, 1), secondNorm);
  const y = shapes.relu(shapes.add(residual, shapes.norm(shapes.conv2d(x, projection, 2), projectionNorm)));
  return { ...y, tensor: cut(y.tensor) };
}
