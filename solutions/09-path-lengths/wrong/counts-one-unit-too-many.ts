// n units taken for n lengths.
export function pathLengths(n: number): number[] {
  const counts = [1];
  for (let k = 1; k <= n + 1; k++) counts.push((counts[k - 1]! * (n + 2 - k)) / k);
  return counts;
}
