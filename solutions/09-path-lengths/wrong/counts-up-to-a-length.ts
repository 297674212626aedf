// How many paths are at most so long.
export function pathLengths(n: number): number[] {
  let counts = [1];
  for (let unit = 0; unit < n; unit++)
    counts = [...counts, 0].map((count, k) => count + (counts[k - 1] ?? 0));
  let sum = 0;
  return counts.map((count) => (sum += count));
}
