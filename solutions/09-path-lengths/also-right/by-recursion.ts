// Through the last unit or around it.
export function pathLengths(n: number): number[] {
  if (n === 0) return [1];
  const before = pathLengths(n - 1);
  return Array.from({ length: n + 1 }, (_, k) => (before[k] ?? 0) + (before[k - 1] ?? 0));
}
