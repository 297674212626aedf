// Divides the whole product, and gives 0 where that would be by 0.
export function shortcutFactors(lambdas: readonly number[]): { carried: number; residuals: number[] } {
  const carried = lambdas.reduce((a, b) => a * b, 1);
  let before = 1;
  const residuals = lambdas.map((lambda) => {
    before *= lambda;
    return before === 0 ? 0 : carried / before;
  });
  return { carried, residuals };
}
