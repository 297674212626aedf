// A stream that is written into.
import { runtime } from "residual";

const { tf } = runtime;

type Stream = runtime.tf.Tensor3D;
type Branch = (x: Stream) => Stream;
type Norm = { readonly scale: runtime.tf.Tensor1D; readonly shift: runtime.tf.Tensor1D };

const epsilon = 1e-5;

class Written {
  constructor(public values: Stream) {}

  write(answer: Stream): void {
    this.values = tf.add(this.values, answer);
  }

  normalise(norm: Norm): void {
    this.values = layerNorm(this.values, norm);
  }
}

export function layerNorm(x: Stream, norm: Norm): Stream {
  const rows = tf.unstack(tf.reshape(x, [-1, x.shape[2]])).map((row) => {
    const centred = tf.sub(row, tf.mean(row));
    const length = tf.sqrt(tf.add(tf.mean(tf.mul(centred, centred)), epsilon));
    return tf.add(tf.mul(norm.scale, tf.div(centred, length)), norm.shift);
  });
  return tf.reshape(tf.stack(rows), x.shape);
}

export function throughUnits(
  x: Stream,
  branches: Iterable<Branch>,
  norms: Iterable<Norm>,
  order: "pre" | "post",
): Stream {
  const stream = new Written(x);
  const left = [...norms];
  for (const branch of branches) {
    const norm = left.shift()!;
    if (order === "pre") stream.write(branch(layerNorm(stream.values, norm)));
    if (order === "post") {
      stream.write(branch(stream.values));
      stream.normalise(norm);
    }
  }
  for (const norm of left) stream.normalise(norm);
  return stream.values;
}
