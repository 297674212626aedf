// Cuts every segment that lies around 0 and adds up what is under the level.
export function valleyWidth(alphas: readonly number[], losses: readonly number[], rise: number): number {
  const zero = alphas.indexOf(0);
  const level = losses[zero]! + rise;
  let width = 0;
  for (const step of [-1, 1]) {
    for (let i = zero; losses[i + step] !== undefined; i += step) {
      const [from, to] = [losses[i]!, losses[i + step]!];
      const length = Math.abs(alphas[i + step]! - alphas[i]!);
      if (to <= level) width += length;
      else {
        width += (length * (level - from)) / (to - from);
        break;
      }
    }
  }
  return width;
}
