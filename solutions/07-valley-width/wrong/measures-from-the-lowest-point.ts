// From the lowest loss.
// Believed: The trained network stands at the lowest point of the slice.
// In class: It stands at 0. A slice may pass lower points elsewhere, and training has found neither those nor this one by looking along this
// line.
export function valleyWidth(alphas: readonly number[], losses: readonly number[], rise: number): number {
  const start = alphas.indexOf(0);
  const level = Math.min(...losses) + rise;
  const edge = (direction: 1 | -1): number => {
    for (let i = start; ; i += direction) {
      const next = i + direction;
      if (losses[next] === undefined) return alphas[i]!;
      if (losses[next] > level) {
        const share = (level - losses[i]!) / (losses[next] - losses[i]!);
        return alphas[i]! + share * (alphas[next]! - alphas[i]!);
      }
    }
  };
  return edge(1) - edge(-1);
}
