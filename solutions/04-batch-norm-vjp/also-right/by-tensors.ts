// TensorFlow's own gradients of the forward pass, in float32.
import { runtime } from "residual";

const { tf } = runtime;

export function batchNormVjp(dy: readonly number[], x: readonly number[], scale: number, epsilon: number) {
  const forward = (a: runtime.tf.Tensor, gamma: runtime.tf.Tensor, beta: runtime.tf.Tensor) => {
    const { mean, variance } = tf.moments(a);
    const normalised = tf.div(tf.sub(a, mean), tf.sqrt(tf.add(variance, epsilon)));
    return tf.add(tf.mul(gamma, normalised), beta);
  };
  const inputs = [tf.tensor1d([...x]), tf.scalar(scale), tf.scalar(0)];
  const [dx, dscale, dshift] = tf.grads(forward)(inputs, tf.tensor1d([...dy]));
  return { dx, dscale, dshift };
}
