// Goes through the places of one channel after the other.
interface Images {
  readonly images: Uint8Array;
  readonly imageShape: readonly [height: number, width: number, channels: number];
}
type Both = { train: ArrayLike<number>; test: ArrayLike<number> };

export async function normalised(train: Images, test: Images): Promise<Both> {
  const [, , channels] = train.imageShape;
  const numbers = {
    train: new Float64Array(train.images.length),
    test: new Float64Array(test.images.length),
  };
  for (const channel of Array.from({ length: channels }).keys()) {
    const own = [...train.images].filter((_, i) => i % channels === channel);
    let [sum, squares] = [0, 0];
    for (const byte of own) sum += byte;
    const mean = sum / own.length;
    for (const byte of own) squares += (byte - mean) ** 2;
    if (squares === 0) continue;
    for (const name of ["train", "test"] as const) {
      const { images } = name === "train" ? train : test;
      for (const [i, byte] of images.entries())
        if (i % channels === channel) numbers[name][i] = (byte - mean) / Math.sqrt(squares / own.length);
    }
  }
  return await Promise.resolve(numbers);
}
