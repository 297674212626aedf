// The first hundred units alone.
const product = (factors: readonly number[]) => factors.reduce((a, b) => a * b, 1);

export function shortcutFactors(lambdas: readonly number[]): { carried: number; residuals: number[] } {
  const first = lambdas.slice(0, 100);
  return { carried: product(first), residuals: first.map((_, i) => product(first.slice(i + 1))) };
}
