// Deviations added.
// Believed: Standard deviations of independent terms add up.
// In class: Variances do. Where every residual is normalised each unit adds the same variance, so the signal's deviation grows with the root
// of the depth. Where none is, the variance can double in each unit. Let the class predict both before it computes.
interface Unit {
  readonly factor: number;
  readonly residual:
    | { readonly kind: "normalised"; readonly variance: number }
    | { readonly kind: "proportional"; readonly gain: number };
}

export function signalVariances(start: number, units: readonly Unit[]): number[] {
  const variances = [start];
  for (const { factor, residual } of units) {
    const before = variances.at(-1)!;
    const added = residual.kind === "normalised" ? residual.variance : residual.gain * before;
    variances.push((factor * Math.sqrt(before) + Math.sqrt(added)) ** 2);
  }
  return variances;
}
