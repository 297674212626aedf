// Waits between the units, and stays on the tensors' side.
import { runtime } from "residual";

const { tf } = runtime;

type Stream = runtime.tf.Tensor3D;
type Branch = (x: Stream) => Stream;
type Norm = { readonly scale: runtime.tf.Tensor1D; readonly shift: runtime.tf.Tensor1D };

const epsilon = 1e-5;

export async function layerNorm(x: Stream, norm: Norm): Promise<Stream> {
  await Promise.resolve();
  const width = x.shape[2];
  const ones = tf.fill([width, width], 1 / width);
  const rows = tf.reshape<runtime.tf.Rank.R2>(x, [-1, width]);
  // A matrix of 1/d gives every number the mean of its place.
  const centred = tf.sub(rows, tf.matMul(rows, ones as runtime.tf.Tensor2D));
  const variance = tf.matMul(tf.square(centred), ones);
  const normalised = tf.mul(centred, tf.pow(tf.add(variance, epsilon), -0.5));
  return tf.reshape(tf.add(tf.mul(normalised, norm.scale), norm.shift), x.shape);
}

export async function throughUnits(x: Stream, branches: Branch[], norms: Norm[], order: string) {
  for (const branch of branches) {
    const norm = norms[branches.indexOf(branch)]!;
    if (order === "pre") x = tf.add(x, branch(await layerNorm(x, norm)));
    else x = await layerNorm(tf.add(x, branch(x)), norm);
  }
  return order === "pre" ? layerNorm(x, norms[branches.length]!) : x;
}
