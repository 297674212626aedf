// TensorFlow.js's own operations on the tensors themselves.
import { runtime, shapes } from "residual";

interface Parts {
  readonly first: shapes.Shape<readonly [3, 3, 4, 8]>;
  readonly firstNorm: shapes.Norm<8>;
  readonly second: shapes.Shape<readonly [3, 3, 8, 8]>;
  readonly secondNorm: shapes.Norm<8>;
  readonly projection: shapes.Shape<readonly [1, 1, 4, 8]>;
  readonly projectionNorm: shapes.Norm<8>;
}

type Images = runtime.tf.Tensor4D;

const { tf } = runtime;

const convolved = (x: Images, kernel: shapes.Shape, norm: shapes.Norm<8>, stride: number, pad: number) =>
  tf
    .conv2d(x, kernel.tensor as Images, stride, pad)
    .mul(norm.scale.tensor)
    .add<Images>(norm.shift.tensor);

export function projectionUnit(x: shapes.Images<8, 8, 4>, parts: Parts): shapes.Images<4, 4, 8> {
  const images = x.tensor as Images;
  const sum = tf.tidy(() => {
    const hidden: Images = convolved(images, parts.first, parts.firstNorm, 2, 1).relu();
    const residual = convolved(hidden, parts.second, parts.secondNorm, 1, 1);
    return residual.add(convolved(images, parts.projection, parts.projectionNorm, 2, 0)).relu();
  });
  return shapes.shaped(sum, ["N", 4, 4, 8]);
}
