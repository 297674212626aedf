// A 1x1 convolution is a matrix product at every second pixel.
import { runtime, shapes } from "residual";

interface Parts {
  readonly first: shapes.Shape<readonly [3, 3, 4, 8]>;
  readonly firstNorm: shapes.Norm<8>;
  readonly second: shapes.Shape<readonly [3, 3, 8, 8]>;
  readonly secondNorm: shapes.Norm<8>;
  readonly projection: shapes.Shape<readonly [1, 1, 4, 8]>;
  readonly projectionNorm: shapes.Norm<8>;
}

const { tf } = runtime;

export function projectionUnit(x: shapes.Images<8, 8, 4>, parts: Parts): shapes.Images<4, 4, 8> {
  const hidden = shapes.norm(shapes.conv2d(x, parts.first, 2), parts.firstNorm);
  const residual = shapes.norm(shapes.conv2d(shapes.relu(hidden), parts.second, 1), parts.secondNorm);
  const pixels = tf.reshape(shapes.subsample(x).tensor, [-1, 4]);
  const product = tf.matMul(pixels, tf.reshape<runtime.tf.Rank.R2>(parts.projection.tensor, [4, 8]));
  const projected = shapes.shaped(tf.reshape(product, [-1, 4, 4, 8]), ["N", 4, 4, 8]);
  return shapes.relu(shapes.add(shapes.norm(projected, parts.projectionNorm), residual));
}
