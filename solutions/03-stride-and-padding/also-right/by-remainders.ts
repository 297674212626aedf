// With the remainder of n by s, as TensorFlow's documentation also puts it.
export function paddings(n: number, k: number, s: number) {
  const side = (k - 1) / 2;
  const zeros = Math.max(n % s === 0 ? k - s : k - (n % s), 0);
  return {
    symmetric: { before: side, after: side, output: Math.floor((n - 1) / s) + 1 },
    same: { before: Math.floor(zeros / 2), after: Math.ceil(zeros / 2), output: Math.floor((n - 1) / s) + 1 },
  };
}
