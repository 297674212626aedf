// A class that counts in typed arrays, and later.
class Row {
  readonly #pads: Float32Array;

  constructor(
    readonly pixels: number,
    before: number,
    after: number,
  ) {
    this.#pads = Float32Array.of(before, after);
  }

  windows(k: number, s: number) {
    const [before, after] = this.#pads as unknown as [number, number];
    return { before, after, output: Math.trunc((this.pixels + before + after - k + s) / s) };
  }
}

export function paddings(n: number, k: number, s: number) {
  const side = (k - 1) / 2;
  const last = Math.floor((n - 1) / s) * s;
  const zeros = last + k > n ? last + k - n : 0;
  return Promise.resolve({
    symmetric: new Row(n, side, side).windows(k, s),
    same: {
      ...new Row(n, Math.trunc(zeros / 2), Math.ceil(zeros / 2)).windows(k, s),
      output: Math.floor((n - 1) / s) + 1,
    },
  });
}
