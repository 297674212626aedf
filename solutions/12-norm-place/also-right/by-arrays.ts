// In plain arrays, place by place.
import { runtime } from "residual";

const { tf } = runtime;

type Stream = runtime.tf.Tensor3D;
type Branch = (x: Stream) => Stream;
type Norm = { readonly scale: runtime.tf.Tensor1D; readonly shift: runtime.tf.Tensor1D };

const epsilon = 1e-5;

export function layerNorm(x: Stream, { scale, shift }: Norm): Stream {
  const [values, gamma, beta] = [x, scale, shift].map((tensor) => tensor.dataSync<"float32">());
  const width = x.shape[2];
  const out = new Float32Array(values!.length);
  for (let at = 0; at < out.length; at += width) {
    const place = values!.subarray(at, at + width);
    const mean = place.reduce((sum, value) => sum + value, 0) / width;
    const variance = place.reduce((sum, value) => sum + (value - mean) ** 2, 0) / width;
    for (let i = 0; i < width; i++)
      out[at + i] = (gamma![i]! * (place[i]! - mean)) / Math.sqrt(variance + epsilon) + beta![i]!;
  }
  return tf.tensor3d(out, x.shape);
}

export function throughUnits(x: Stream, branches: Branch[], norms: Norm[], order: string): Stream {
  let last = x;
  branches.forEach((branch, l) => {
    const given = order === "post" ? last : layerNorm(last, norms[l]!);
    const both = tf.tensor3d(last.dataSync().map((value, i) => value + branch(given).dataSync()[i]!), x.shape); // prettier-ignore
    last = order === "post" ? layerNorm(both, norms[l]!) : both;
  });
  return norms.length > branches.length ? layerNorm(last, norms.at(-1)!) : last;
}
