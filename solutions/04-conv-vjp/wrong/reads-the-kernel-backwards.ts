// A flipped kernel where none belongs.
// Believed: The gradient of a convolution needs a flipped kernel.
// In class: Whoever loops over outputs and sends each product back to where it came from flips nothing. The flip belongs to the other way of
// writing it, which gathers for each input. Derive it once from the index, s i + u - p.
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
    for (let u = 0; u < w.length; u++) {
      const j = stride * i + u - padding;
      if (j < 0 || j >= x.length) continue;
      dx[j]! += d * w[w.length - 1 - u]!;
      dw[u]! += d * x[j]!;
    }
  }
  return { dx, dw };
}
