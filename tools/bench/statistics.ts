// What benchmarks share: the middle of what was measured, and numbers on a command line.

/** @throws TypeError if there is nothing to take the median of */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new TypeError("a median needs one value at least; got none");
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** @throws Error that names the option */
export function positiveInteger(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`${option} takes a positive integer; got ${text}`);
  return value;
}
