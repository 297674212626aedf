// A mean over the places.
export function convolutionVjp(
  dy: readonly number[],
  x: readonly number[],
  w: readonly number[],
  stride: number,
  padding: number,
): { dx: number[]; dw: number[] } {
  const dx = x.map(() => 0);
  const dw = w.map(() => 0);
  for (const [i, d] of dy.entries()) {
    for (const [u, weight] of w.entries()) {
      const j = stride * i + u - padding;
      if (j < 0 || j >= x.length) continue;
      dx[j]! += d * weight;
      dw[u]! += d * x[j]!;
    }
  }
  return { dx, dw: dw.map((value) => value / dy.length) };
}
