// Mean 0, and any deviation.
// Also leaves-a-still-channel: the test images keep their distance from the mean.
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
    const { mean } = statistics[i % statistics.length]!;
    return byte - mean;
  });
}

export function normalised(train: Images, test: Images): Both {
  const statistics = statisticsOf(train);
  return { train: by(statistics, train), test: by(statistics, test) };
}
