// Counts of the 256 bytes: the sums are exact whole numbers.
interface Images {
  readonly images: Uint8Array;
  readonly imageShape: readonly [height: number, width: number, channels: number];
}
type Both = { train: ArrayLike<number>; test: ArrayLike<number> };

export function normalised(train: Images, test: Images): Both {
  const channels = train.imageShape[2];
  const pixels = train.images.length / channels;
  const counts = Array.from({ length: channels }, () => new Uint32Array(256));
  train.images.forEach((byte, i) => counts[i % channels]![byte]!++);
  const tables = counts.map((count) => {
    let [sum, squares] = [0, 0];
    for (const [byte, times] of count.entries()) {
      sum += byte * times;
      squares += byte ** 2 * times;
    }
    // Of whole numbers, and so 0 exactly where there is one byte only.
    const spread = Math.sqrt(pixels * squares - sum ** 2);
    return Array.from(count, (_, byte) => (spread > 0 ? (pixels * byte - sum) / spread : 0));
  });
  const looked = (set: Images) => Float64Array.from(set.images, (byte, i) => tables[i % channels]![byte]!);
  return { train: looked(train), test: looked(test) };
}
