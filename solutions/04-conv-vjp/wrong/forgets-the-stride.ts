// Stride 1, always.
export function convolutionVjp(
  dy: readonly number[],
  x: readonly number[],
  w: readonly number[],
  _stride: number,
  padding: number,
): { dx: number[]; dw: number[] } {
  const dx = x.map(() => 0);
  const dw = w.map(() => 0);
  for (const [i, d] of dy.entries()) {
    for (const [u, weight] of w.entries()) {
      const j = i + u - padding;
      if (j < 0 || j >= x.length) continue;
      dx[j]! += d * weight;
      dw[u]! += d * x[j]!;
    }
  }
  return { dx, dw };
}
