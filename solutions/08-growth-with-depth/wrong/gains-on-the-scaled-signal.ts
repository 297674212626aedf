// The residual sees what the factor left.
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
    const added = residual.kind === "normalised" ? residual.variance : residual.gain * factor ** 2 * before;
    variances.push(factor ** 2 * before + added);
  }
  return variances;
}
