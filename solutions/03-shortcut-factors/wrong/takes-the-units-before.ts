// From the first unit on.
export function shortcutFactors(lambdas: readonly number[]): { carried: number; residuals: number[] } {
  const residuals: number[] = [];
  let later = 1;
  for (const lambda of lambdas) {
    residuals.push(later);
    later *= lambda;
  }
  return { carried: later, residuals };
}
