// TensorFlow itself is asked: by convolutions of ones.
import { runtime } from "residual";

const { tf } = runtime;

export function paddings(n: number, k: number, s: number) {
  const side = (k - 1) / 2;
  return tf.tidy(() => {
    const row = tf.ones<runtime.tf.Rank.R4>([1, 1, n, 1]);
    const window = tf.ones<runtime.tf.Rank.R4>([1, k, 1, 1]);
    const padded = row.pad<runtime.tf.Tensor4D>([[0, 0], [0, 0], [side, side], [0, 0]]); // prettier-ignore
    const symmetric = tf.conv2d(padded, window, [1, s], "valid").shape[2]; // prettier-ignore
    const same = tf.conv2d(row, window, [1, s], "same").shape[2];
    const zeros = Math.max((same - 1) * s + k - n, 0);
    return {
      symmetric: { before: side, after: side, output: symmetric },
      same: { before: zeros >> 1, after: zeros - (zeros >> 1), output: same },
    };
  });
}
