// Normalisation: bytes to numbers of mean 0 and standard deviation 1 in each channel, with the training split's figures.
import type { Dataset } from "./dataset.js";
import { pixelsOf } from "./subset.js";

/** Mean and standard deviation of each channel, of values scaled to 0..1. Each has C entries. */
export interface ChannelStatistics {
  readonly mean: readonly number[];
  /** Over all pixels, divided by their number (not that less one). */
  readonly std: readonly number[];
}

/**
 * Mean and standard deviation of each channel over all pixels of all images.
 *
 * Computed from counts of the 256 byte values, so that the sums are exact integers.
 *
 * The papers' much used code normalises CIFAR so; the ResNet paper itself subtracts a mean per pixel (section 4.2).
 *
 * @throws RangeError where there is no image.
 *
 * @example
 * ```ts
 * const { mean, std } = data.channelStatistics(await data.load("fashion-mnist-sample", { limit: 10 }));
 * [mean.length, std.length]; // [1, 1]
 * ```
 */
export function channelStatistics(dataset: Dataset): ChannelStatistics {
  const channels = dataset.imageShape[2];
  const { images } = dataset;
  const pixels = images.length / channels;
  if (pixels === 0) throw new RangeError("statistics need at least one image; got 0");
  const mean: number[] = [];
  const std: number[] = [];
  for (let c = 0; c < channels; c++) {
    const counts = new Float64Array(256);
    for (let i = c; i < images.length; i += channels) counts[images[i]!]!++;
    let sum = 0;
    let squares = 0;
    counts.forEach((count, value) => {
      sum += count * value;
      squares += count * value * value;
    });
    const average = sum / pixels;
    mean.push(average / 255);
    std.push(Math.sqrt(Math.max(0, squares / pixels - average * average)) / 255);
  }
  return { mean, std };
}

/** Turns bytes [.., C] into normalised float32 values: (byte / 255 - mean) / std, worked out in float64. */
export type Normaliser = (bytes: Uint8Array, into: Float32Array, at: number) => void;

/**
 * A normaliser for `channels` channels. Each of the 256 bytes has its value in a table.
 * @throws RangeError where the statistics are not of `channels` channels, are not finite, or a deviation is not positive.
 */
export function normaliser({ mean, std }: ChannelStatistics, channels: number): Normaliser {
  if (mean.length !== channels || std.length !== channels)
    throw new RangeError(
      `statistics must have one entry for each of ${channels} channels; got ${mean.length} means, ${std.length} deviations`,
    );
  if (!mean.every(Number.isFinite)) throw new RangeError(`means must be finite; got ${mean.join(", ")}`);
  if (!std.every((value) => Number.isFinite(value) && value > 0))
    throw new RangeError(`standard deviations must be finite and positive; got ${std.join(", ")}`);

  // table[value * channels + c], so that one pixel's channels are near each other.
  const table = new Float32Array(256 * channels);
  for (let value = 0; value < 256; value++)
    for (let c = 0; c < channels; c++) table[value * channels + c] = (value / 255 - mean[c]!) / std[c]!;

  return (bytes, into, at) => {
    let c = 0;
    for (let i = 0; i < bytes.length; i++) {
      into[at + i] = table[bytes[i]! * channels + c]!;
      if (++c === channels) c = 0;
    }
  };
}

/** All images of a set as float32 [N, H, W, C]; `indices` chooses some. */
export function normalised(dataset: Dataset, normalise: Normaliser, indices?: Int32Array): Float32Array {
  const pixels = pixelsOf(dataset);
  if (indices === undefined) {
    const values = new Float32Array(dataset.images.length);
    normalise(dataset.images, values, 0);
    return values;
  }
  const values = new Float32Array(indices.length * pixels);
  indices.forEach((index, i) => {
    normalise(dataset.images.subarray(index * pixels, (index + 1) * pixels), values, i * pixels);
  });
  return values;
}
