// TensorFlow's own operations; where its padding is not the paper's, the images are padded before.
import { runtime, shapes } from "residual";

type Output = shapes.Images<4, 4, 8>;

export function preActivationUnit(
  x: shapes.Images<8, 8, 4>,
  firstNorm: shapes.Norm<4>,
  first: shapes.Shape<readonly [3, 3, 4, 8]>,
  secondNorm: shapes.Norm<8>,
  second: shapes.Shape<readonly [3, 3, 8, 8]>,
): Output {
  const { tf } = runtime;
  type Tensor4D = runtime.tf.Tensor4D;
  const sum = tf.tidy(() => {
    const on = (y: runtime.tf.Tensor, norm: { scale: shapes.Shape; shift: shapes.Shape }) =>
      tf.relu<Tensor4D>(tf.add(tf.mul(y, norm.scale.tensor), norm.shift.tensor));
    const border = [
      [0, 0],
      [1, 1],
      [1, 1],
      [0, 0],
    ] as [number, number][];
    const wide = tf.pad<Tensor4D>(on(x.tensor, firstNorm), border);
    const hidden = tf.conv2d(wide, first.tensor as Tensor4D, 2, "valid");
    const residual = tf.conv2d(on(hidden, secondNorm), second.tensor as Tensor4D, 1, "same");
    const half = tf.stridedSlice(x.tensor, [0, 0, 0, 0], [x.tensor.shape[0], 8, 8, 4], [1, 2, 2, 1]);
    return tf.add(residual, tf.concat([half, tf.zerosLike(half)], 3));
  });
  return shapes.shaped(sum, ["N", 4, 4, 8]);
}
