// TensorFlow's own operations, over a list of all that came before.
import { runtime, shapes } from "residual";

type Output = shapes.Images<8, 8, 14>;

export function denseBlock(
  x: shapes.Images<8, 8, 6>,
  first: shapes.Shape<readonly [3, 3, 6, 4]>,
  second: shapes.Shape<readonly [3, 3, 10, 4]>,
): Output {
  const { tf } = runtime;
  type Tensor4D = runtime.tf.Tensor4D;
  const all = tf.tidy(() =>
    tf.concat(
      [first, second].reduce<Tensor4D[]>(
        (before, { tensor }) => [
          ...before,
          tf.conv2d(tf.relu<Tensor4D>(tf.concat(before, 3)), tensor as Tensor4D, 1, "same"),
        ],
        [x.tensor as Tensor4D],
      ),
      3,
    ),
  );
  return shapes.shaped(all, ["N", 8, 8, 14]);
}
