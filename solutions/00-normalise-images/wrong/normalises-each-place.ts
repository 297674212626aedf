// A mean and a deviation for each place of the image, as some subtract a mean image.
interface Images {
  readonly images: Uint8Array;
  readonly imageShape: readonly [height: number, width: number, channels: number];
}
type Both = { train: ArrayLike<number>; test: ArrayLike<number> };

/** The mean and the deviation of each channel of the training images. */
function statisticsOf({ images, imageShape: [height, width, depth] }: Images) {
  const channels = height * width * depth;
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
  const statistics = statisticsOf(train);
  return { train: by(statistics, train), test: by(statistics, test) };
}
