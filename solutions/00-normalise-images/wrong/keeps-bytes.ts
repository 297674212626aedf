// The map of a Uint8Array is one again.
// Believed: A map gives a list of whatever its function gives.
// In class: Let everybody evaluate `Uint8Array.of(1, 2).map((x) => x / 4)`. A typed array stays what it is: a quarter becomes 0 in it, and -1 becomes 255, without a word. The same happens in any
// language with bytes; look at the smallest number after normalising, which must lie below 0.
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
  return images.map((byte, i) => {
    const { mean, deviation } = statistics[i % statistics.length]!;
    return deviation === 0 ? 0 : (byte - mean) / deviation;
  });
}

export function normalised(train: Images, test: Images): Both {
  const statistics = statisticsOf(train);
  return { train: by(statistics, train), test: by(statistics, test) };
}
