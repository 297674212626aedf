// From the ends of the slice inwards.
export function valleyWidth(alphas: readonly number[], losses: readonly number[], rise: number): number {
  const level = losses[alphas.indexOf(0)]! + rise;
  const edge = (start: number, direction: 1 | -1): number => {
    let i = start;
    while (losses[i]! > level) i += direction;
    if (i === start) return alphas[i]!;
    const out = i - direction;
    const share = (level - losses[i]!) / (losses[out]! - losses[i]!);
    return alphas[i]! + share * (alphas[out]! - alphas[i]!);
  };
  return edge(alphas.length - 1, -1) - edge(0, 1);
}
