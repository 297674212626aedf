// A typed array, filled from behind.
export function shortcutFactors(lambdas: readonly number[]) {
  const residuals = new Float32Array(lambdas.length).fill(1);
  for (let i = lambdas.length - 2; i >= 0; i--) residuals[i] = residuals[i + 1]! * lambdas[i + 1]!;
  return { carried: Math.fround((residuals[0] ?? 1) * (lambdas[0] ?? 1)), residuals };
}
