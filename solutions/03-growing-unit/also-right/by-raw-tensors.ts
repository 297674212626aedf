// TensorFlow.js's own operations: padding in numbers, and slices with steps.
import { runtime, shapes } from "residual";

const { tf } = runtime;

type Output = shapes.Images<16, 16, 32>;

export function growingUnit(
  x: shapes.Images<32, 32, 16>,
  first: shapes.Shape<readonly [3, 3, 16, 32]>,
  second: shapes.Shape<readonly [3, 3, 32, 32]>,
): Output {
  const sum = tf.tidy(() => {
    const images = x.tensor as runtime.tf.Tensor4D;
    const hidden = tf.conv2d(images, first.tensor as runtime.tf.Tensor4D, 2, [[0, 0], [1, 1], [1, 1], [0, 0]]).relu(); // prettier-ignore
    const residual = tf.conv2d(
      hidden as runtime.tf.Tensor4D,
      second.tensor as runtime.tf.Tensor4D,
      1,
      "same",
    );
    const [images0] = images.shape;
    const half = tf.stridedSlice(images, [0, 0, 0, 0], [images0, 32, 32, 16], [1, 2, 2, 1]);
    return residual.add(half.concat(half.zerosLike(), 3)).relu();
  });
  return shapes.shaped(sum, ["N", 16, 16, 32]);
}
