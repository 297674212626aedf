// Padding is cut to two.
export function convolutionVjp(
  dy: readonly number[],
  x: readonly number[],
  w: readonly number[],
  stride: number,
  padding: number,
) {
  const zeros = Math.min(padding, 2);
  const dx = x.map(() => 0);
  const dw = w.map(() => 0);
  dy.forEach((d, i) => {
    w.forEach((weight, u) => {
      const j = stride * i + u - zeros;
      if (j < 0 || j >= x.length) return;
      dx[j]! += d * weight;
      dw[u]! += d * x[j]!;
    });
  });
  return { dx, dw };
}
