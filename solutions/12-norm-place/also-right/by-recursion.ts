// The first unit, then the rest of the stream; a post-norm stream ends where its units do.
import { runtime } from "residual";

const { tf } = runtime;

type Stream = runtime.tf.Tensor3D;
type Branch = (x: Stream) => Stream;
type Norm = { readonly scale: runtime.tf.Tensor1D; readonly shift: runtime.tf.Tensor1D };

const epsilon = 1e-5;

export function layerNorm(x: Stream, { scale, shift }: Norm): Stream {
  // The mean of the squares less the square of the mean.
  const [mean, square] = [x, tf.square(x)].map((values) => tf.mean(values, -1, true));
  const variance = tf.relu(tf.sub(square!, tf.square(mean!)));
  return tf.add(tf.div(tf.mul(tf.sub(x, mean!), scale), tf.sqrt(tf.add(variance, epsilon))), shift);
}

export function throughUnits(
  x: Stream,
  [branch, ...others]: readonly Branch[],
  [norm, ...later]: readonly Norm[],
  order: "pre" | "post",
): Stream {
  if (!branch) return norm ? layerNorm(x, norm) : x;
  const next =
    order === "pre" ? tf.add<Stream>(x, branch(layerNorm(x, norm!))) : layerNorm(tf.add(x, branch(x)), norm!);
  return throughUnits(next, others, later, order);
}
