// From bytes to numbers from 0 to 1.
// Believed: Numbers from 0 to 1 are normalised.
// In class: They are scaled: their mean may be 0.3 and their deviation 0.2, and another in each channel. What the network meets first is a weighted sum of them, and where all are positive, so are most
// of their contributions. Ask for mean and deviation of the Fashion-MNIST images after a division by 255.
interface Images {
  readonly images: Uint8Array;
  readonly imageShape: readonly [height: number, width: number, channels: number];
}
type Both = { train: ArrayLike<number>; test: ArrayLike<number> };

export function normalised(train: Images, test: Images): Both {
  const scaled = ({ images }: Images) => Array.from(images, (byte) => byte / 255);
  return { train: scaled(train), test: scaled(test) };
}
