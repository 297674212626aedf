// The two loops over typed arrays.
export function convolutionVjp(
  dy: readonly number[],
  x: readonly number[],
  w: readonly number[],
  stride: number,
  padding: number,
) {
  const dx = new Float32Array(x.length);
  const dw = new Float32Array(w.length);
  dy.forEach((d, i) => {
    w.forEach((weight, u) => {
      const j = stride * i + u - padding;
      if (j < 0 || j >= x.length) return;
      dx[j]! += d * weight;
      dw[u]! += d * x[j]!;
    });
  });
  return { dx, dw };
}
