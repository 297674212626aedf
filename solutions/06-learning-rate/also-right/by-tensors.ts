// Comparisons in TensorFlow, as powers of ten.
import { runtime } from "residual";

export async function learningRate(step: number, warmUp: number): Promise<number> {
  const { tf } = runtime;
  const rate = tf.tidy(() => {
    const passed = tf.sum(tf.cast(tf.greaterEqual(step, tf.tensor1d([32_000, 48_000])), "float32"));
    return tf.pow(10, tf.neg(tf.where(tf.less(step, warmUp), tf.scalar(2), tf.add(passed, 1))));
  });
  const [value] = await rate.data();
  rate.dispose();
  return value!;
}
