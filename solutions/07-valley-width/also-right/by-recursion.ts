// Each side by recursion from 0 outwards.
export function valleyWidth(alphas: readonly number[], losses: readonly number[], rise: number): number {
  const middle = alphas.indexOf(0);
  const reach = (points: readonly (readonly [alpha: number, loss: number])[], level: number): number => {
    const [[alpha, loss], next, ...rest] = points as [
      readonly [number, number],
      ...(readonly [number, number])[],
    ];
    if (!next) return alpha;
    if (next[1] <= level) return reach([next, ...rest], level);
    return alpha + ((next[0] - alpha) * (level - loss)) / (next[1] - loss);
  };
  const points = alphas.map((alpha, i) => [alpha, losses[i]!] as const);
  const level = losses[middle]! + rise;
  return reach(points.slice(middle), level) - reach(points.slice(0, middle + 1).reverse(), level);
}
