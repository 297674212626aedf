// Pascal's triangle in 32-bit integers.
export function pathLengths(n: number): number[] {
  let counts = new Int32Array([1]);
  for (let unit = 0; unit < n; unit++) {
    const before = counts;
    counts = Int32Array.from(
      { length: before.length + 1 },
      (_, k) => (before[k] ?? 0) + (before[k - 1] ?? 0),
    );
  }
  return Array.from(counts);
}
