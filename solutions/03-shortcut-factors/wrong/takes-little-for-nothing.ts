// Small numbers become 0.
const product = (factors: readonly number[]) => {
  const whole = factors.reduce((a, b) => a * b, 1);
  return Math.abs(whole) < 1e-6 ? 0 : whole;
};

export function shortcutFactors(lambdas: readonly number[]): { carried: number; residuals: number[] } {
  return { carried: product(lambdas), residuals: lambdas.map((_, i) => product(lambdas.slice(i + 1))) };
}
