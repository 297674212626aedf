// Each set by its own statistics.
// Believed: Each set should have mean 0 and deviation 1, so each is normalised by its own.
// In class: Hand in one dark photograph to such a classifier: by its own mean it is no longer dark. What is computed from the test images is a look at them, and with it a
// test of a few images, or one at a time, gives other answers than a test of many. Ask what the deviation of a test set of one pixel would be.
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
  return { train: by(statisticsOf(train), train), test: by(statisticsOf(test), test) };
}
