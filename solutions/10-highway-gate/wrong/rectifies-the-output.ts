// The ReLU around everything.
type Vector = readonly number[];
type Matrix = readonly Vector[];

/** W x. */
const times = (w: Matrix, x: Vector): number[] =>
  w.map((row) => row.reduce((sum, weight, j) => sum + weight * x[j]!, 0));
const relu = (value: number): number => Math.max(value, 0);
const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));

export function highwayLayer(x: Vector, transform: Matrix, gate: Matrix, bias: number): number[] {
  const candidate = times(transform, x);
  const open = times(gate, x).map((value) => sigmoid(value + bias));
  return x.map((value, i) => relu(open[i]! * candidate[i]! + (1 - open[i]!) * value));
}
