// A unit too many in each stage.
export function parameterCount(depth: number, classes: number): number {
  const n = (depth + 4) / 6;
  const convolution = (from: number, to: number) => 9 * from * to + 2 * to;
  let parameters = convolution(3, 16);
  let channels = 16;
  for (const width of [16, 32, 64]) {
    parameters += convolution(channels, width) + (2 * n - 1) * convolution(width, width);
    channels = width;
  }
  return parameters + 64 * classes + classes;
}
