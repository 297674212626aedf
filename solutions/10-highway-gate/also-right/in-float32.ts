// Loops over float32 arrays, and the sigmoid by tanh.
type Matrix = readonly (readonly number[])[];

export function highwayLayer(
  x: readonly number[],
  transform: Matrix,
  gate: Matrix,
  bias: number,
): Float32Array {
  const y = new Float32Array(x);
  const sums = new Float32Array(2);
  for (let i = 0; i < x.length; i++) {
    sums.set([0, bias]);
    for (let j = 0; j < x.length; j++) {
      sums[0]! += transform[i]![j]! * x[j]!;
      sums[1]! += gate[i]![j]! * x[j]!;
    }
    const open = Math.fround(0.5 + 0.5 * Math.tanh(sums[1]! / 2));
    y[i] = open * (sums[0]! > 0 ? sums[0]! : 0) + (1 - open) * x[i]!;
  }
  return y;
}
