// Everything in float32 arrays, the left side mirrored into a right one.
export function valleyWidth(alphas: readonly number[], losses: readonly number[], rise: number): number {
  const reach = (xs: Float32Array, ys: Float32Array): number => {
    const zero = xs.indexOf(0);
    const level = Math.fround(ys[zero]! + rise);
    const above = ys.findIndex((y, i) => i > zero && y > level);
    if (above < 0) return xs[xs.length - 1]!;
    const before = above - 1;
    const share = Math.fround((level - ys[before]!) / (ys[above]! - ys[before]!));
    return Math.fround(xs[before]! + Math.fround(xs[above]! - xs[before]!) * share);
  };
  const xs = new Float32Array(alphas);
  const ys = new Float32Array(losses);
  return reach(xs, ys) + reach(xs.map((x) => 0 - x).reverse(), ys.slice().reverse());
}
