// Each unit as v -> a v + b.
interface Unit {
  readonly factor: number;
  readonly residual:
    | { readonly kind: "normalised"; readonly variance: number }
    | { readonly kind: "proportional"; readonly gain: number };
}

export function signalVariances(start: number, units: readonly Unit[]): number[] {
  const maps = units.map(({ factor, residual }) =>
    residual.kind === "normalised"
      ? { a: factor ** 2, b: residual.variance }
      : { a: factor ** 2 + residual.gain, b: 0 },
  );
  return [start, ...maps.map((_, last) => maps.slice(0, last + 1).reduce((v, { a, b }) => a * v + b, start))];
}
