// By tensors, in float32: what comes out is a tensor.
import { runtime } from "residual";

const { tf } = runtime;

type Vector = readonly number[];
type Matrix = readonly Vector[];
interface Norm {
  readonly scale: Vector;
  readonly shift: Vector;
}

export const block = (x: Vector, first: Matrix, firstNorm: Norm, second: Matrix, secondNorm: Norm) =>
  tf.tidy(() => {
    const layer = (w: Matrix, input: runtime.tf.Tensor, { scale, shift }: Norm) =>
      tf
        .dot(tf.tensor2d(w.map((row) => [...row])), input)
        .mul(tf.tensor1d([...scale]))
        .add(tf.tensor1d([...shift]));
    const column = tf.tensor1d([...x]);
    return layer(second, layer(first, column, firstNorm).relu(), secondNorm)
      .add(column)
      .relu();
  });
