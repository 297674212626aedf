// TensorFlow's running product from the end, in float32.
import { runtime } from "residual";

const { tf } = runtime;

export function shortcutFactors(lambdas: readonly number[]) {
  return tf.tidy(() => {
    const factors = tf.tensor1d([...lambdas, 1]);
    const behind = tf.cumprod(factors, 0, false, true);
    return { carried: behind.slice(0, 1).reshape([]), residuals: behind.slice(1) };
  });
}
