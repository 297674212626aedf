// For each pixel and each weight, the sum that the chain rule writes.
export function convolutionVjp(
  dy: readonly number[],
  x: readonly number[],
  w: readonly number[],
  stride: number,
  padding: number,
) {
  const sum = (term: (d: number, i: number) => number) => dy.reduce((total, d, i) => total + term(d, i), 0);
  return {
    dx: x.map((_, j) => sum((d, i) => d * (w[j + padding - stride * i] ?? 0))),
    dw: w.map((_, u) => sum((d, i) => d * (x[stride * i + u - padding] ?? 0))),
  };
}
