// A mean for a product.
// Believed: Factors near one average out.
// In class: They multiply. Let the class guess how much of the input arrives behind the 54 units of ResNet-110 at 0.9 each, write the guesses
// up, and run the exercise.
export function shortcutFactors(lambdas: readonly number[]): { carried: number; residuals: number[] } {
  const residuals: number[] = [];
  let later = 1;
  for (const lambda of [...lambdas].reverse()) {
    // What a unit adds passes the shortcuts of the units after it, not its own.
    residuals.unshift(later);
    later *= lambda;
  }
  return { carried: lambdas.reduce((a, b) => a + b, 0) / lambdas.length, residuals };
}
