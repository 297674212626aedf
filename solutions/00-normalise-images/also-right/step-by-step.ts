// Mean and variance brought up to date with each pixel, by the method of Welford.
interface Images {
  readonly images: Uint8Array;
  readonly imageShape: readonly [height: number, width: number, channels: number];
}
type Both = { train: ArrayLike<number>; test: ArrayLike<number> };

class Running {
  #count = 0;
  #mean = 0;
  #squares = 0;

  add(value: number) {
    this.#count++;
    const before = value - this.#mean;
    this.#mean += before / this.#count;
    this.#squares += before * (value - this.#mean);
  }

  of(value: number) {
    return this.#squares > 0 ? (value - this.#mean) / Math.sqrt(this.#squares / this.#count) : 0;
  }
}

export function normalised(train: Images, test: Images): Both {
  const channels = train.imageShape[2];
  const running = Array.from({ length: channels }, () => new Running());
  train.images.forEach((byte, i) => {
    running[i % channels]!.add(byte);
  });
  const [first, second] = [train, test].map(({ images }) =>
    Array.from(images, (byte, i) => running[i % channels]!.of(byte)),
  );
  return { train: first!, test: second! };
}
