// The share from the other end.
export function valleyWidth(alphas: readonly number[], losses: readonly number[], rise: number): number {
  const start = alphas.indexOf(0);
  const level = losses[start]! + rise;
  const edge = (direction: 1 | -1): number => {
    for (let i = start; ; i += direction) {
      const next = i + direction;
      if (losses[next] === undefined) return alphas[i]!;
      if (losses[next] > level) {
        const share = (losses[next] - level) / (losses[next] - losses[i]!);
        return alphas[i]! + share * (alphas[next]! - alphas[i]!);
      }
    }
  };
  return edge(1) - edge(-1);
}
