// Each order as a function of a unit, and a fold over the branches.
import { runtime } from "residual";

const { tf } = runtime;

type Stream = runtime.tf.Tensor3D;
type Branch = (x: Stream) => Stream;
type Norm = { readonly scale: runtime.tf.Tensor1D; readonly shift: runtime.tf.Tensor1D };

const epsilon = 1e-5;

export const layerNorm = (x: Stream, { scale, shift }: Norm): Stream =>
  tf.tidy(() => {
    const centred = tf.sub<Stream>(x, tf.mean(x, 2, true));
    const variance = tf.mean(tf.square(centred), 2, true);
    return tf.add(tf.mul(centred, tf.mul(tf.rsqrt(tf.add(variance, epsilon)), scale)), shift);
  });

const units: Record<string, (x: Stream, branch: Branch, norm: Norm) => Stream> = {
  pre: (x, branch, norm) => tf.add(branch(layerNorm(x, norm)), x),
  post: (x, branch, norm) => layerNorm(tf.add(branch(x), x), norm),
};

export const throughUnits = (x: Stream, branches: Branch[], norms: Norm[], order: "pre" | "post"): Stream =>
  norms.slice(branches.length).reduce(
    layerNorm,
    branches.reduce((stream, branch, l) => units[order]!(stream, branch, norms[l]!), x),
  );
