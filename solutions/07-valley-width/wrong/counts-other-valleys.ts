// From the first low point to the last.
export function valleyWidth(alphas: readonly number[], losses: readonly number[], rise: number): number {
  const level = losses[alphas.indexOf(0)]! + rise;
  const low = alphas.filter((_, i) => losses[i]! <= level);
  return low.at(-1)! - low[0]!;
}
