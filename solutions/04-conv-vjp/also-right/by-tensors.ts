// TensorFlow's gradients of the convolution as a sum of shifted slices.
import { runtime } from "residual";

const { tf } = runtime;

export function convolutionVjp(
  dy: readonly number[],
  x: readonly number[],
  w: readonly number[],
  stride: number,
  padding: number,
) {
  const places = tf.tidy(() => tf.range(0, dy.length, 1, "int32").mul(tf.scalar(stride, "int32")));
  const forward = (pixels: runtime.tf.Tensor, kernel: runtime.tf.Tensor) => {
    const padded = tf.pad(pixels, [[padding, padding]]);
    const products = w.map((_, u) =>
      tf.mul(tf.gather(padded, tf.add(places, tf.scalar(u, "int32")).toInt()), kernel.slice(u, 1)),
    );
    return tf.addN(products);
  };
  const [dx, dw] = tf.grads(forward)([tf.tensor1d([...x]), tf.tensor1d([...w])], tf.tensor1d([...dy]));
  return { dx, dw };
}
