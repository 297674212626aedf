// Takes the order of the bytes for [N, C, H, W].
interface Images {
  readonly images: Uint8Array;
  readonly imageShape: readonly [height: number, width: number, channels: number];
}
type Both = { train: ArrayLike<number>; test: ArrayLike<number> };

/** The channel that a byte belongs to. */
const channelOf = (place: number, [height, width, channels]: Images["imageShape"]) =>
  Math.floor(place / (height * width)) % channels;

function statisticsOf({ images, imageShape }: Images) {
  return Array.from({ length: imageShape[2] }, (_, c) => {
    const values = Array.from(images).filter((_, i) => channelOf(i, imageShape) === c);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    return { mean, deviation: Math.sqrt(variance) };
  });
}

export function normalised(train: Images, test: Images): Both {
  const statistics = statisticsOf(train);
  const by = ({ images, imageShape }: Images) =>
    Array.from(images, (byte, i) => {
      const { mean, deviation } = statistics[channelOf(i, imageShape)]!;
      return deviation === 0 ? 0 : (byte - mean) / deviation;
    });
  return { train: by(train), test: by(test) };
}
