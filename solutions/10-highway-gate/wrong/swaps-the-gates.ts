// T with x.
// Believed: The gate says how much of the input is carried.
// In class: T is the share that is transformed, and 1 - T is carried. That is why the bias starts below zero. Ask what the network is at the
// start with each sign.
type Vector = readonly number[];
type Matrix = readonly Vector[];

/** W x. */
const times = (w: Matrix, x: Vector): number[] =>
  w.map((row) => row.reduce((sum, weight, j) => sum + weight * x[j]!, 0));
const relu = (value: number): number => Math.max(value, 0);
const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));

export function highwayLayer(x: Vector, transform: Matrix, gate: Matrix, bias: number): number[] {
  const candidate = times(transform, x).map(relu);
  const open = times(gate, x).map((value) => sigmoid(value + bias));
  return x.map((value, i) => (1 - open[i]!) * candidate[i]! + open[i]! * value);
}
