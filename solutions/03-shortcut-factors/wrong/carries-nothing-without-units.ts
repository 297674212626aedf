// Begins with nothing where there are no units.
export function shortcutFactors(lambdas: readonly number[]): { carried: number; residuals: number[] } {
  const residuals: number[] = [];
  let later = 1;
  for (const lambda of [...lambdas].reverse()) {
    residuals.unshift(later);
    later *= lambda;
  }
  return { carried: lambdas.length > 0 ? later : 0, residuals };
}
