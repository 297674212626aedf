// The largest, the smallest and the norm of any number of numbers. `Math.max(...values)` fails above some 120,000 of them, because a call's
// arguments lie on the stack.

/** The largest, as `Math.max` gives it: -Infinity of none, NaN where one is NaN. */
export function highest(values: Iterable<number>): number {
  let most = -Infinity;
  for (const value of values) most = Math.max(most, value);
  return most;
}

/** The smallest, as `Math.min` gives it: Infinity of none, NaN where one is NaN. */
export function lowest(values: Iterable<number>): number {
  let least = Infinity;
  for (const value of values) least = Math.min(least, value);
  return least;
}

/**
 * The Euclidean norm, as `Math.hypot` gives it: no square overflows or vanishes, because all are divided by the largest first; and the sum
 * is compensated (Kahan), so that the rounding does not grow with the count.
 */
export function norm(values: Iterable<number>): number {
  const sizes = Array.from(values, Math.abs);
  const largest = sizes.includes(Infinity) ? Infinity : highest(sizes);
  if (sizes.length === 0 || largest === 0) return 0;
  if (!Number.isFinite(largest)) return largest;
  let sum = 0;
  let lost = 0;
  for (const size of sizes) {
    const term = (size / largest) ** 2 - lost;
    const next = sum + term;
    lost = next - sum - term;
    sum = next;
  }
  return Math.sqrt(sum) * largest;
}
