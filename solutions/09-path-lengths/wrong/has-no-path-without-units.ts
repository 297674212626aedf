// Nothing to pass, no path.
export function pathLengths(n: number): number[] {
  if (n === 0) return [0];
  let counts = [1];
  for (let unit = 0; unit < n; unit++)
    counts = [...counts, 0].map((count, k) => count + (counts[k - 1] ?? 0));
  return counts;
}
