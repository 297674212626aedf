// The stage's channels on both sides.
export function parameterCount(depth: number, classes: number): number {
  const n = (depth - 2) / 6;
  const convolution = (from: number, to: number) => 9 * from * to + 2 * to;
  let parameters = convolution(3, 16);
  for (const width of [16, 32, 64]) parameters += 2 * n * convolution(width, width);
  return parameters + 64 * classes + classes;
}
