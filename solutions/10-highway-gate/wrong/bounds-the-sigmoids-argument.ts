// Keeps the exponential small.
type Vector = readonly number[];
type Matrix = readonly Vector[];

/** W x. */
const times = (w: Matrix, x: Vector): number[] =>
  w.map((row) => row.reduce((sum, weight, j) => sum + weight * x[j]!, 0));
const relu = (value: number): number => Math.max(value, 0);

export function highwayLayer(x: Vector, transform: Matrix, gate: Matrix, bias: number): number[] {
  const candidate = times(transform, x).map(relu);
  const open = times(gate, x).map((value) => 1 / (1 + Math.exp(-Math.min(Math.max(value + bias, -10), 10))));
  return x.map((value, i) => open[i]! * candidate[i]! + (1 - open[i]!) * value);
}
