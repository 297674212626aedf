// Each image by itself.
// Believed: Normalising an image means to give that image mean 0 and deviation 1.
// In class: That is a choice that some make, and it takes away how bright and how rich in contrast an image is beside the others. Here a bright image is to stay brighter than a dark one. Ask
// which of the two a network could tell apart afterwards: a white wall and a black one.
interface Images {
  readonly images: Uint8Array;
  readonly imageShape: readonly [height: number, width: number, channels: number];
}
type Both = { train: ArrayLike<number>; test: ArrayLike<number> };

/** Each channel of one image by itself. */
function alone(image: Uint8Array, channels: number): number[] {
  return Array.from(image, (byte, place) => {
    const values = Array.from(image).filter((_, i) => i % channels === place % channels);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    return variance === 0 ? 0 : (byte - mean) / Math.sqrt(variance);
  });
}

export function normalised(train: Images, test: Images): Both {
  const all = ({ images, imageShape: [height, width, channels] }: Images) => {
    const size = height * width * channels;
    const numbers: number[] = [];
    for (let start = 0; start < images.length; start += size)
      numbers.push(...alone(images.subarray(start, start + size), channels));
    return numbers;
  };
  return { train: all(train), test: all(test) };
}
