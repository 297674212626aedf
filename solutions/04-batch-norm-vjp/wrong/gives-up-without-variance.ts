// Where all x are equal, no gradient at all.
export function batchNormVjp(dy: readonly number[], x: readonly number[], scale: number, epsilon: number) {
  const average = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const mean = average(x);
  const variance = average(x.map((value) => (value - mean) ** 2));
  if (variance === 0) return { dx: x.map(() => 0), dscale: 0, dshift: average(dy) * x.length };
  const deviation = Math.sqrt(variance + epsilon);
  const normalised = x.map((value) => (value - mean) / deviation);
  const both = average(dy.map((d, i) => d * normalised[i]!));
  const dx = dy.map((d, i) => (scale / deviation) * (d - average(dy) - normalised[i]! * both));
  return { dx, dscale: both * x.length, dshift: average(dy) * x.length };
}
