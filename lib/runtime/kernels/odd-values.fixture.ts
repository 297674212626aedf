// For tests: fixed numbers in which a zero cannot hide a mistake.

/** `count` values of both signs, far from 0 and from each other, different for each seed. */
export function oddValues(count: number, seed: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    const value = Math.sin(12.9898 * (i + 1) + 78.233 * seed);
    return value + 0.05 * Math.sign(value);
  });
}
