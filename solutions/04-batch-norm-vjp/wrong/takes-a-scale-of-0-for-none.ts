// `||` where a number may be 0.
const average = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

export function batchNormVjp(dy: readonly number[], x: readonly number[], scale: number, epsilon: number) {
  const m = x.length;
  const mean = average(x);
  const deviation = Math.sqrt(average(x.map((value) => (value - mean) ** 2)) + epsilon);
  const normalised = x.map((value) => (value - mean) / deviation);
  const meanDy = average(dy);
  const both = average(dy.map((d, i) => d * normalised[i]!));
  return {
    dx: dy.map((d, i) => ((scale || 1) / deviation) * (d - meanDy - normalised[i]! * both)),
    dscale: both * m,
    dshift: meanDy * m,
  };
}
