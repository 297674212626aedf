// The shortcut alone.
interface Unit {
  readonly factor: number;
  readonly residual:
    | { readonly kind: "normalised"; readonly variance: number }
    | { readonly kind: "proportional"; readonly gain: number };
}

export function signalVariances(start: number, units: readonly Unit[]): number[] {
  const variances = [start];
  for (const { factor } of units) {
    const before = variances.at(-1)!;
    variances.push(factor ** 2 * before);
  }
  return variances;
}
