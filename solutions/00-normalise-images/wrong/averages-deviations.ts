// The deviation of each image, averaged over the images.
interface Images {
  readonly images: Uint8Array;
  readonly imageShape: readonly [height: number, width: number, channels: number];
}
type Both = { train: ArrayLike<number>; test: ArrayLike<number> };

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

export function normalised(train: Images, test: Images): Both {
  const [height, width, channels] = train.imageShape;
  const size = height * width * channels;
  const images = Array.from({ length: train.images.length / size }, (_, n) =>
    Array.from(train.images.subarray(n * size, (n + 1) * size)),
  );
  const statistics = Array.from({ length: channels }, (_, c) => {
    const own = images.map((image) => image.filter((_, i) => i % channels === c));
    const deviations = own.map((values) =>
      Math.sqrt(meanOf(values.map((value) => (value - meanOf(values)) ** 2))),
    );
    return { mean: meanOf(own.map(meanOf)), deviation: meanOf(deviations) };
  });
  const by = (set: Images) =>
    Array.from(set.images, (byte, i) => {
      const { mean, deviation } = statistics[i % channels]!;
      return deviation === 0 ? 0 : (byte - mean) / deviation;
    });
  return { train: by(train), test: by(test) };
}
