// The unit's own factor too.
export function shortcutFactors(lambdas: readonly number[]): { carried: number; residuals: number[] } {
  const residuals: number[] = [];
  let later = 1;
  for (const lambda of [...lambdas].reverse()) {
    later *= lambda;
    residuals.unshift(later);
  }
  return { carried: later, residuals };
}
