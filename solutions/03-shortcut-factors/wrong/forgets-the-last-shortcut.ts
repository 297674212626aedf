// L - 1 factors.
export function shortcutFactors(lambdas: readonly number[]) {
  const product = (factors: readonly number[]) => factors.reduce((a, b) => a * b, 1);
  return {
    carried: product(lambdas.slice(0, -1)),
    residuals: lambdas.map((_, i) => product(lambdas.slice(i + 1, -1))),
  };
}
