// Statistics of the first 256 images, a batch, which are enough to tell a mean.
interface Images {
  readonly images: Uint8Array;
  readonly imageShape: readonly [height: number, width: number, channels: number];
}
type Both = { train: ArrayLike<number>; test: ArrayLike<number> };

/** The mean and the deviation of each channel of the training images. */
function statisticsOf({ images, imageShape: [, , channels] }: Images) {
  return Array.from({ length: channels }, (_, c) => {
    const values = Array.from(images).filter((_, i) => i % channels === c);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    return { mean, deviation: Math.sqrt(variance) };
  });
}

function by(statistics: ReturnType<typeof statisticsOf>, { images }: Images) {
  return Array.from(images, (byte, i) => {
    const { mean, deviation } = statistics[i % statistics.length]!;
    return deviation === 0 ? 0 : (byte - mean) / deviation;
  });
}

export function normalised(train: Images, test: Images): Both {
  const [height, width, channels] = train.imageShape;
  const few = { ...train, images: train.images.slice(0, 256 * height * width * channels) };
  const statistics = statisticsOf(few);
  return { train: by(statistics, train), test: by(statistics, test) };
}
