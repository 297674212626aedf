// Typed arrays; dx as what is left of dy after two projections.
export function batchNormVjp(dy: readonly number[], x: readonly number[], scale: number, epsilon: number) {
  const m = x.length;
  const sum = (values: Float32Array) => values.reduce((a, b) => Math.fround(a + b), 0);
  const product = (a: Float32Array, b: Float32Array) => a.map((value, i) => value * b[i]!);
  const [given, values] = [Float32Array.from(dy), Float32Array.from(x)];
  const mean = sum(values) / m;
  const centred = values.map((value) => value - mean);
  const deviation = Math.fround(Math.sqrt(sum(product(centred, centred)) / m + epsilon));
  const normalised = centred.map((value) => value / deviation);
  const [dshift, dscale] = [sum(given), sum(product(given, normalised))];
  const dx = given.map((d, i) => (scale * (m * d - dshift - normalised[i]! * dscale)) / (m * deviation));
  return Promise.resolve({ dx, dscale, dshift });
}
