// Where the kernel is larger than the image, one output.
export function paddings(n: number, k: number, s: number) {
  const side = (k - 1) / 2;
  const zeros = Math.max((Math.ceil(n / s) - 1) * s + k - n, 0);
  const before = Math.floor(zeros / 2);
  const small = k > n;
  return {
    symmetric: { before: side, after: side, output: small ? 1 : Math.floor((n + 2 * side - k) / s) + 1 },
    same: { before, after: zeros - before, output: small ? 1 : Math.ceil(n / s) },
  };
}
