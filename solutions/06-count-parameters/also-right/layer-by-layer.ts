// A list of all layers, and a sum.
export function parameterCount(depth: number, classes: number): number {
  const widths = [3, 16];
  for (let stage = 0; stage < 3; stage++)
    for (let layer = 0; layer < (depth - 2) / 3; layer++) widths.push(16 * 2 ** stage);
  return widths
    .slice(1)
    .reduce((sum, width, i) => sum + 3 * 3 * widths[i]! * width + 2 * width, (widths.at(-1)! + 1) * classes);
}
