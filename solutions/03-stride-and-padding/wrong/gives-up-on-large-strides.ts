// Pads nothing where the stride is larger than the image.
export function paddings(n: number, k: number, s: number) {
  const side = (k - 1) / 2;
  const output = Math.ceil(n / s);
  const zeros = s > n ? 0 : Math.max((output - 1) * s + k - n, 0);
  const before = Math.floor(zeros / 2);
  return {
    symmetric: { before: side, after: side, output },
    same: { before, after: zeros - before, output },
  };
}
