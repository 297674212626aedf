// Matrices times a column, in TensorFlow; a tensor comes out.
import { runtime } from "residual";

const { tf } = runtime;

export function highwayLayer(x: readonly number[], transform: number[][], gate: number[][], bias: number) {
  return tf.tidy(() => {
    const column = tf.tensor2d([...x], [x.length, 1]);
    const open = tf.sigmoid(tf.add(tf.matMul(tf.tensor2d(gate), column), bias));
    const made = tf.relu(tf.matMul(tf.tensor2d(transform), column));
    return tf.reshape(tf.add(tf.mul(open, made), tf.mul(tf.sub(1, open), column)), [x.length]);
  });
}
