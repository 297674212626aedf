// TensorFlow's gradients of the forward pass, in float32, as tensors.
import { runtime } from "residual";

const { tf } = runtime;
type Vector = readonly number[];
type Matrix = readonly Vector[];

export function unitVjp(x: Vector, first: Matrix, second: Matrix, dy: Vector) {
  const matrix = (w: Matrix) => tf.tensor2d(w.map((row) => [...row]));
  const column = (v: Vector) => tf.tensor2d([...v], [v.length, 1]);
  const forward = (v: runtime.tf.Tensor, w1: runtime.tf.Tensor, w2: runtime.tf.Tensor) =>
    w2.matMul(w1.matMul(v).relu()).add(v).relu();
  const [dx, dFirst, dSecond] = tf.grads(forward)([column(x), matrix(first), matrix(second)], column(dy));
  return { dx: dx!.reshape([x.length]), dFirst, dSecond };
}
