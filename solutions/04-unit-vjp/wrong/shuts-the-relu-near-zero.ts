// A ReLU is shut until its input is clearly above 0.
type Vector = readonly number[];
type Matrix = readonly Vector[];

const times = (w: Matrix, x: Vector) => w.map((row) => row.reduce((sum, v, j) => sum + v * x[j]!, 0));
const transposed = (w: Matrix) => w[0]!.map((_, j) => w.map((row) => row[j]!));
const outer = (a: Vector, b: Vector) => a.map((value) => b.map((other) => value * other));
const masked = (input: Vector, d: Vector) => d.map((value, i) => (input[i]! > 0.05 ? value : 0));

export function unitVjp(x: Vector, first: Matrix, second: Matrix, dy: Vector) {
  const a = times(first, x);
  const h = a.map((value) => Math.max(value, 0));
  const dz = masked(
    times(second, h).map((value, i) => value + x[i]!),
    dy,
  );
  const da = masked(a, times(transposed(second), dz));
  const dx = times(transposed(first), da).map((value, i) => value + dz[i]!);
  return { dx, dFirst: outer(da, x), dSecond: outer(dz, h) };
}
