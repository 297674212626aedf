// Behind the root.
import { runtime } from "residual";

const { tf } = runtime;

type Stream = runtime.tf.Tensor3D;
type Branch = (x: Stream) => Stream;
type Norm = { readonly scale: runtime.tf.Tensor1D; readonly shift: runtime.tf.Tensor1D };

const epsilon = 1e-5;

export function layerNorm(x: Stream, { scale, shift }: Norm): Stream {
  const { mean, variance } = tf.moments(x, -1, true);
  const normalised = tf.div(tf.sub(x, mean), tf.add(tf.sqrt(variance), epsilon));
  return tf.add(tf.mul(normalised, scale), shift);
}

export function throughUnits(
  x: Stream,
  branches: readonly Branch[],
  norms: readonly Norm[],
  order: "pre" | "post",
): Stream {
  let stream = x;
  for (const [l, branch] of branches.entries()) {
    if (order === "pre") stream = tf.add(stream, branch(layerNorm(stream, norms[l]!)));
    else stream = layerNorm(tf.add(stream, branch(stream)), norms[l]!);
  }
  return order === "pre" ? layerNorm(stream, norms[branches.length]!) : stream;
}
