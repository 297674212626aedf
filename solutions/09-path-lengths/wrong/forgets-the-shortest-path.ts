// Lengths from 1.
export function pathLengths(n: number): number[] {
  const counts = [1];
  for (let k = 1; k <= n; k++) counts.push((counts[k - 1]! * (n - k + 1)) / k);
  return counts.slice(1);
}
