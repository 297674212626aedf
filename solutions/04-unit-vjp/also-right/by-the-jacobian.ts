// The Jacobian of the whole unit, number by number, and its product with dy.
type Vector = readonly number[];
type Matrix = readonly Vector[];

/** W x. */
const times = (w: Matrix, x: Vector): number[] =>
  w.map((row) => row.reduce((sum, weight, j) => sum + weight * x[j]!, 0));
/** max(x, 0), number by number. */
const rectified = (x: Vector): number[] => x.map((value) => Math.max(value, 0));
/** W with rows and columns exchanged. */
const transposed = (w: Matrix): number[][] => w[0]!.map((_, j) => w.map((row) => row[j]!));
/** The matrix of all products a_i b_j. */
const outer = (a: Vector, b: Vector): number[][] => a.map((value) => b.map((other) => value * other));

export function unitVjp(x: Vector, first: Matrix, second: Matrix, dy: Vector) {
  const before = times(first, x);
  const hidden = rectified(before);
  const open = times(second, hidden).map((value, i) => Number(value + x[i]! > 0));
  const inner = before.map((value) => Number(value > 0));
  // dy_i/dx_j = open_i (sum_k W2_ik inner_k W1_kj + [i = j])
  const jacobian = x.map((_, i) =>
    x.map(
      (__, j) =>
        open[i]! *
        (second[i]!.reduce((sum, w, k) => sum + w * inner[k]! * first[k]![j]!, 0) + Number(i === j)),
    ),
  );
  const arrives = dy.map((d, i) => d * open[i]!);
  const atHidden = times(transposed(second), arrives).map((d, k) => d * inner[k]!);
  return { dx: times(transposed(jacobian), dy), dFirst: outer(atHidden, x), dSecond: outer(arrives, hidden) };
}
