// Only x_0 is multiplied.
export function shortcutFactors(lambdas: readonly number[]): { carried: number; residuals: number[] } {
  const residuals: number[] = [];
  let later = 1;
  for (const lambda of [...lambdas].reverse()) {
    residuals.unshift(1);
    later *= lambda;
  }
  return { carried: later, residuals };
}
