// The edge repeated.
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
      const j = Math.min(Math.max(stride * i + u - padding, 0), x.length - 1);
      dx[j]! += d * weight;
      dw[u]! += d * x[j]!;
    }
  }
  return { dx, dw };
}
