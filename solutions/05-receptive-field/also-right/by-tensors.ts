// A cumulative product of the strides and a dot product, in TensorFlow.
import { runtime } from "residual";

type Layers = readonly { readonly kernel: number; readonly stride: number }[];

export async function receptiveField(layers: Layers): Promise<number> {
  const { tf } = runtime;
  if (layers.length === 0) return 1;
  const total = tf.tidy(() => {
    const steps = tf.cumprod(tf.tensor1d(layers.map(({ stride }) => stride)), 0, true);
    const grown = tf.tensor1d(layers.map(({ kernel }) => kernel - 1));
    return tf.add(tf.sum(tf.mul(steps, grown)), 1);
  });
  const [size] = await total.data();
  total.dispose();
  return size!;
}
