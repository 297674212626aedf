// By the Jacobian, row by row: slow, and plain to see.
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

export function batchNormVjp(dy: readonly number[], x: readonly number[], scale: number, epsilon: number) {
  const m = x.length;
  const mean = sum(x) / m;
  const deviation = Math.sqrt(sum(x.map((value) => (value - mean) ** 2)) / m + epsilon);
  const hat = x.map((value) => (value - mean) / deviation);
  const jacobian = (i: number, j: number) =>
    (scale / deviation) * ((i === j ? 1 : 0) - 1 / m - (hat[i]! * hat[j]!) / m);
  return {
    dx: x.map((_, j) => sum(dy.map((d, i) => d * jacobian(i, j)))),
    dscale: sum(dy.map((d, i) => d * hat[i]!)),
    dshift: sum(dy),
  };
}
