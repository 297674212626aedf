// Pads x, goes back into the padded copy, and cuts it.
export function convolutionVjp(
  dy: readonly number[],
  x: readonly number[],
  w: readonly number[],
  stride: number,
  padding: number,
) {
  const zeros = Array<number>(padding).fill(0);
  const padded = [...zeros, ...x, ...zeros];
  const dPadded = padded.map(() => 0);
  const dw = w.map(() => 0);
  dy.forEach((d, i) => {
    w.forEach((weight, u) => {
      dPadded[stride * i + u]! += weight * d;
      dw[u]! += padded[stride * i + u]! * d;
    });
  });
  return { dx: dPadded.slice(padding, padding + x.length), dw };
}
