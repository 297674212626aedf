// Factorials, which are no whole numbers any more beyond 22.
export function pathLengths(n: number): number[] {
  const factorial = (k: number): number => (k < 2 ? 1 : k * factorial(k - 1));
  return Array.from({ length: n + 1 }, (_, k) => factorial(n) / factorial(k) / factorial(n - k));
}
