// Each number as the product that the formula names.
export function shortcutFactors(lambdas: readonly number[]) {
  const product = (factors: readonly number[]) => factors.reduce((a, b) => a * b, 1);
  return { carried: product(lambdas), residuals: lambdas.map((_, i) => product(lambdas.slice(i + 1))) };
}
