// The chain rule step by step, as the article writes it.
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

export function batchNormVjp(dy: readonly number[], x: readonly number[], scale: number, epsilon: number) {
  const m = x.length;
  const centred = x.map((value) => value - sum(x) / m);
  const variance = sum(centred.map((value) => value * value)) / m + epsilon;
  const dNormalised = dy.map((d) => d * scale);
  const dVariance = sum(dNormalised.map((d, i) => d * centred[i]! * -0.5 * variance ** -1.5));
  const dMean = sum(dNormalised.map((d) => -d / Math.sqrt(variance))) - (2 * dVariance * sum(centred)) / m;
  return {
    dx: dNormalised.map((d, i) => d / Math.sqrt(variance) + (dVariance * 2 * centred[i]!) / m + dMean / m),
    dscale: sum(dy.map((d, i) => (d * centred[i]!) / Math.sqrt(variance))),
    dshift: sum(dy),
  };
}
