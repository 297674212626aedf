// A float32 array, filled from its start.
interface Unit {
  readonly factor: number;
  readonly residual:
    | { readonly kind: "normalised"; readonly variance: number }
    | { readonly kind: "proportional"; readonly gain: number };
}

export function signalVariances(start: number, units: readonly Unit[]): Float32Array {
  const variances = new Float32Array(units.length + 1);
  variances[0] = start;
  units.forEach(({ factor, residual }, i) => {
    const carried = Math.fround(factor * factor) * variances[i]!;
    const made =
      residual.kind === "normalised" ? residual.variance : Math.fround(residual.gain) * variances[i]!;
    variances[i + 1] = carried + made;
  });
  return variances;
}
