// Four numbers a channel.
// Believed: Whatever is stored with the weights is a parameter.
// In class: Running averages are measured, not trained, and the papers' counts leave them out. So a checkpoint is larger than the number of
// parameters says.
interface Network {
  readonly depth: number;
  readonly width: number;
  readonly shortcuts: "A" | "B";
  readonly classes: number;
}

export function parameterCount({ depth, width, shortcuts, classes }: Network): number {
  const n = (depth - 2) / 6;
  const convolution = (kernel: number, from: number, to: number) => kernel ** 2 * from * to + 4 * to;
  let parameters = convolution(3, 3, width);
  let channels = width;
  for (const wider of [width, 2 * width, 4 * width]) {
    parameters += convolution(3, channels, wider) + (2 * n - 1) * convolution(3, wider, wider);
    if (shortcuts === "B" && wider !== channels) parameters += convolution(1, channels, wider);
    channels = wider;
  }
  return parameters + (channels + 1) * classes;
}
