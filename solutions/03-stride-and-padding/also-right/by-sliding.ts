// Slides a window and counts.
function fits(n: number, k: number, s: number): number {
  let windows = 0;
  for (let start = 0; start <= n - k; start += s) windows++;
  return windows;
}

export function paddings(n: number, k: number, s: number) {
  const side = Math.floor(k / 2);
  let zeros = 0;
  while (fits(n + zeros, k, s) < Math.ceil(n / s)) zeros++;
  return {
    symmetric: { before: side, after: side, output: fits(n + side + side, k, s) },
    same: { before: zeros >> 1, after: (zeros + 1) >> 1, output: Math.ceil(n / s) },
  };
}
