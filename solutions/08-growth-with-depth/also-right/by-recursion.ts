// The last variance from those before it.
interface Unit {
  readonly factor: number;
  readonly residual:
    | { readonly kind: "normalised"; readonly variance: number }
    | { readonly kind: "proportional"; readonly gain: number };
}

export function signalVariances(start: number, [unit, ...rest]: readonly Unit[]): number[] {
  if (!unit) return [start];
  const { factor, residual } = unit;
  const next =
    residual.kind === "proportional"
      ? start * (factor * factor + residual.gain)
      : start * factor * factor + residual.variance;
  return [start, ...signalVariances(next, rest)];
}
