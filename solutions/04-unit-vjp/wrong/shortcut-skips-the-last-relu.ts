// dy past the ReLU.
// Believed: The shortcut carries the gradient around everything.
// In class: In the ResNet paper's unit a ReLU follows the addition, and both ways go through it. This is what the identity paper takes away in
// chapter 08.
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
  const sum = times(second, hidden).map((value, i) => value + x[i]!);
  const dSum = dy.map((d, i) => (sum[i]! > 0 ? d : 0));
  const dHidden = times(transposed(second), dSum);
  const dBefore = dHidden.map((d, i) => (before[i]! > 0 ? d : 0));
  const throughF = times(transposed(first), dBefore);
  return {
    dx: dy.map((d, i) => d + throughF[i]!),
    dFirst: outer(dBefore, x),
    dSecond: outer(dSum, hidden),
  };
}
