// The coefficients of (1 + z)^n, by repeated squaring, given one after the other.
const times = (a: readonly number[], b: readonly number[]): number[] =>
  Array.from({ length: a.length + b.length - 1 }, (_, k) =>
    a.reduce((sum, value, i) => sum + value * (b[k - i] ?? 0), 0),
  );

const power = (n: number): number[] => {
  if (n === 0) return [1];
  const half = power(Math.floor(n / 2));
  const whole = times(half, half);
  return n % 2 === 0 ? whole : times(whole, [1, 1]);
};

export function* pathLengths(n: number): Generator<number> {
  yield* power(n);
}
