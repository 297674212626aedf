// Loops over typed arrays, in float32 throughout.
interface Images {
  readonly images: Uint8Array;
  readonly imageShape: readonly [height: number, width: number, channels: number];
}
type Both = { train: ArrayLike<number>; test: ArrayLike<number> };

export function normalised(train: Images, test: Images): Both {
  const channels = train.imageShape[2];
  const trained = Float32Array.from(train.images);
  const tested = Float32Array.from(test.images);
  const sums = new Float32Array(channels);
  const squares = new Float32Array(channels);
  for (const [i, value] of trained.entries()) sums[i % channels]! += value;
  const means = sums.map((sum) => (sum * channels) / trained.length);
  for (const [i, value] of trained.entries()) squares[i % channels]! += (value - means[i % channels]!) ** 2;
  const deviations = squares.map((sum) => Math.sqrt((sum * channels) / trained.length));
  const change = (value: number, i: number) => {
    const deviation = deviations[i % channels]!;
    return deviation > 0 ? (value - means[i % channels]!) / deviation : 0;
  };
  return { train: trained.map(change), test: tested.map(change) };
}
