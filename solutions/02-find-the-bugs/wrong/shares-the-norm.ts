// Two bugs mended, one norm for both.
// Believed: Two normalisations of the same width can be one layer.
// In class: A normalisation keeps the mean and the variance of what it sees. At two places it sees two distributions, so its running averages
// are right for neither. Training hides this, and inference shows it.
type Vector = readonly number[];
type Matrix = readonly Vector[];

/** A normalisation with fixed statistics, folded into a scale and a shift for each number. */
interface Norm {
  readonly scale: Vector;
  readonly shift: Vector;
}

/** W x. */
const times = (w: Matrix, x: Vector): number[] =>
  w.map((row) => row.reduce((sum, weight, j) => sum + weight * x[j]!, 0));
const relu = (x: Vector): number[] => x.map((value) => Math.max(value, 0));
const norm = (x: Vector, { scale, shift }: Norm): number[] =>
  x.map((value, i) => scale[i]! * value + shift[i]!);
const plus = (a: Vector, b: Vector): number[] => a.map((value, i) => value + b[i]!);

export function block(x: Vector, first: Matrix, firstNorm: Norm, second: Matrix): number[] {
  const hidden = relu(norm(times(first, x), firstNorm));
  const residual = norm(times(second, hidden), firstNorm);
  return relu(plus(residual, x));
}
