// Adds unit after unit, and lets what is there pass its shortcut.
export function shortcutFactors(lambdas: readonly number[]) {
  let carried = 1;
  let residuals: number[] = [];
  for (const lambda of lambdas) {
    carried *= lambda;
    residuals = [...residuals.map((factor) => factor * lambda), 1];
  }
  return { carried, residuals };
}
