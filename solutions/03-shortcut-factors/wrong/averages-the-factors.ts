// A mean for a product.
export function shortcutFactors(lambdas: readonly number[]): { carried: number; residuals: number[] } {
  const residuals: number[] = [];
  let later = 1;
  for (const lambda of [...lambdas].reverse()) {
    // What a unit adds passes the shortcuts of the units after it, not its own.
    residuals.unshift(later);
    later *= lambda;
  }
  return { carried: lambdas.reduce((a, b) => a + b, 0) / lambdas.length, residuals };
}
