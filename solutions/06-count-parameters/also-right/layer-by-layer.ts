// A generator of all layers, and a sum.
interface Network {
  readonly depth: number;
  readonly width: number;
  readonly shortcuts: "A" | "B";
  readonly classes: number;
}

function* layers({ depth, width, shortcuts, classes }: Network): Generator<number> {
  let channels = 3;
  for (let layer = 0; layer < depth - 1; layer++) {
    const stage = Math.max(0, Math.ceil((3 * layer) / (depth - 2)) - 1);
    const next = width * 2 ** stage;
    yield 9 * channels * next;
    yield 2 * next;
    if (shortcuts === "B" && layer > 0 && next > channels) yield channels * next + 2 * next;
    channels = next;
  }
  yield channels * classes;
  yield classes;
}

export function parameterCount(network: Network): number {
  let sum = 0;
  for (const parameters of layers(network)) sum += parameters;
  return sum;
}
