// One factor for all.
export function shortcutFactors(lambdas: readonly number[]) {
  const [lambda] = lambdas as [number];
  return {
    carried: lambda ** lambdas.length,
    residuals: lambdas.map((_, i) => lambda ** (lambdas.length - 1 - i)),
  };
}
