// Only x_0 is multiplied.
// Believed: A factor on the shortcuts weakens only the network's input.
// In class: What a unit adds travels along every shortcut behind it. Write three units out and read off what stands before the first F.
export function shortcutFactors(lambdas: readonly number[]): { carried: number; residuals: number[] } {
  const residuals: number[] = [];
  let later = 1;
  for (const lambda of [...lambdas].reverse()) {
    residuals.unshift(1);
    later *= lambda;
  }
  return { carried: later, residuals };
}
