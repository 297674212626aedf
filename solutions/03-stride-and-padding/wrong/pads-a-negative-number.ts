// No lower bound.
export function paddings(n: number, k: number, s: number) {
  const side = (k - 1) / 2;
  const output = Math.ceil(n / s);
  const zeros = (output - 1) * s + k - n;
  const before = Math.floor(zeros / 2);
  return {
    symmetric: { before: side, after: side, output: Math.floor((n + 2 * side - k) / s) + 1 },
    same: { before, after: zeros - before, output },
  };
}
