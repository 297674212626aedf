// From 0 for the smallest number to 1 for the largest.
interface Images {
  readonly images: Uint8Array;
  readonly imageShape: readonly [height: number, width: number, channels: number];
}
type Both = { train: ArrayLike<number>; test: ArrayLike<number> };

/** The smallest and the largest byte of each channel of the training images. */
function statisticsOf({ images, imageShape: [, , channels] }: Images) {
  return Array.from({ length: channels }, (_, c) => {
    const values = Array.from(images).filter((_, i) => i % channels === c);
    return { least: Math.min(...values), most: Math.max(...values) };
  });
}

function by(statistics: ReturnType<typeof statisticsOf>, { images }: Images) {
  return Array.from(images, (byte, i) => {
    const { least, most } = statistics[i % statistics.length]!;
    return most === least ? 0 : (byte - least) / (most - least);
  });
}

export function normalised(train: Images, test: Images): Both {
  const statistics = statisticsOf(train);
  return { train: by(statistics, train), test: by(statistics, test) };
}
