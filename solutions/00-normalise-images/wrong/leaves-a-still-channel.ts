// A little is added to the variance, so that nothing is divided by 0.
// Believed: A small number under the root makes a division by zero harmless.
// In class: It makes it finite. Where the training images never change, the deviation is that small number, and a test image that differs by ten is thousands of deviations away. Batch norm may add
// one, because it never meets a channel without any spread for long; here the channel is to say nothing.
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
    return (byte - mean) / Math.sqrt(deviation ** 2 + 1e-5);
  });
}

export function normalised(train: Images, test: Images): Both {
  const statistics = statisticsOf(train);
  return { train: by(statistics, train), test: by(statistics, test) };
}
