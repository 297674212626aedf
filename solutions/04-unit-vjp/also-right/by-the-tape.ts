// The library's tape does the work.
import { autodiff } from "residual";

type Vector = readonly number[];
type Matrix = readonly Vector[];

const { add, array, matmul, relu, toNested, vjp } = autodiff;

export function unitVjp(x: Vector, first: Matrix, second: Matrix, dy: Vector) {
  const column = (values: Vector) => array([...values], [values.length, 1]);
  const { pullback } = vjp(
    (v, w1, w2) => relu(add(v, matmul(w2, relu(matmul(w1, v))))),
    [column(x), array(first), array(second)],
  );
  const [dx, dFirst, dSecond] = pullback(column(dy));
  return {
    dx: [...dx!.data],
    dFirst: toNested(dFirst!) as number[][],
    dSecond: toNested(dSecond!) as number[][],
  };
}
