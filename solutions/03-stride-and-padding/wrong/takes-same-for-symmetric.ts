// One padding for both.
export function paddings(n: number, k: number, s: number) {
  const side = (k - 1) / 2;
  const symmetric = { before: side, after: side, output: Math.floor((n + 2 * side - k) / s) + 1 };
  return { symmetric, same: symmetric };
}
