// One float64 array, updated from its end.
export function pathLengths(n: number): Float64Array {
  const counts = new Float64Array(n + 1);
  counts[0] = 1;
  for (let unit = 1; unit <= n; unit++) for (let k = unit; k > 0; k--) counts[k]! += counts[k - 1]!;
  return counts;
}
