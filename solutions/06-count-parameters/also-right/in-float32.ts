// Every sum rounded to float32, the classifier first.
interface Network {
  readonly depth: number;
  readonly width: number;
  readonly shortcuts: "A" | "B";
  readonly classes: number;
}

export function parameterCount({ depth, width, shortcuts, classes }: Network): number {
  const sum = new Float32Array(1);
  const add = (weights: number, times = 1) => (sum[0]! += Math.fround(weights * times));
  const n = (depth - 2) / 6;
  const [a, b, c] = [width, 2 * width, 4 * width];
  add(c + 1, classes);
  add(27 * a + 2 * a);
  for (const channels of [a, b, c]) add(9 * channels ** 2 + 2 * channels, 2 * n - 1);
  for (const [from, to] of [
    [a, a],
    [a, b],
    [b, c],
  ] as const) {
    add(9 * from * to + 2 * to);
    if (shortcuts === "B" && from < to) add(from * to + 2 * to);
  }
  return sum[0]!;
}
