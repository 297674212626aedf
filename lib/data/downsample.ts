// Shrinks images by an integer factor: the mean of each square, for settings that must be quick.
import type { Dataset } from "./dataset.js";

/**
 * Averages squares of `factor` by `factor` pixels, rounding halves up: [H, W, C] becomes [H / factor, W / factor, C].
 * @throws RangeError where the factor does not divide both sides.
 *
 * @example
 * ```ts
 * const images = await data.load("fashion-mnist-sample", { limit: 10 });
 * data.downsample(images, 2).imageShape; // [14, 14, 1]
 * ```
 */
export function downsample(dataset: Dataset, factor: number): Dataset {
  const [height, width, channels] = dataset.imageShape;
  if (!Number.isInteger(factor) || factor < 1 || height % factor !== 0 || width % factor !== 0)
    throw new RangeError(
      `the factor must be a positive integer that divides ${height} and ${width}; got ${factor}`,
    );
  const [rows, columns] = [height / factor, width / factor];
  const count = dataset.labels.length;
  const images = new Uint8Array(count * rows * columns * channels);
  const area = factor * factor;
  let to = 0;
  for (let n = 0; n < count; n++)
    for (let y = 0; y < rows; y++)
      for (let x = 0; x < columns; x++)
        for (let c = 0; c < channels; c++) {
          let sum = 0;
          for (let dy = 0; dy < factor; dy++) {
            const row = (n * height + y * factor + dy) * width + x * factor;
            for (let dx = 0; dx < factor; dx++) sum += dataset.images[(row + dx) * channels + c]!;
          }
          images[to++] = Math.floor((2 * sum + area) / (2 * area));
        }
  return { ...dataset, images, imageShape: [rows, columns, channels] };
}
