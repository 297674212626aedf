// The product of those behind as the whole product over those before: 0 / 0 where a shortcut is cut.
export function shortcutFactors(lambdas: readonly number[]): { carried: number; residuals: number[] } {
  const carried = lambdas.reduce((product, lambda) => product * lambda, 1);
  let before = 1;
  const residuals = lambdas.map((lambda) => carried / (before *= lambda));
  return { carried, residuals };
}
