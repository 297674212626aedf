// Each count times its length.
export function pathLengths(n: number): number[] {
  let counts = [1];
  for (let unit = 0; unit < n; unit++)
    counts = [...counts, 0].map((count, k) => count + (counts[k - 1] ?? 0));
  return counts.map((count, k) => count * Math.max(k, 1));
}
