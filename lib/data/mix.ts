// Several sources as one: each has a share of the images, and every image of each is seen in an epoch.
import * as tf from "@tensorflow/tfjs-core";
import type { BatchSource } from "../model/trainable.js";
import { highest } from "../numeric.js";
import { kindOf, onlyKnown, shown } from "../options.js";

/** Options of `mixSources`. */
export interface MixSourcesOptions {
  /**
   * How often each source is seen, in proportion: one number of at least 0 for each, of any sum. By default the sources' sizes, so that
   * each image is seen once an epoch.
   */
  readonly weights?: readonly number[];
  /** What figures and records call the mix; by default the sources' names, joined. */
  readonly name?: string;
}

/** A batch's indices are 32-bit integers. */
const mostImages = 2 ** 31 - 1;

/**
 * One source made of several, for training on more than one data set or on some images more often than on others.
 *
 * An epoch is as long as it takes for every image to be seen at least once while the sources keep their weights: the images of a source
 * that would be too few repeat, each as often as any other of it or once more. So 100 images and 900 with equal weights make 1800 places,
 * and each of the 100 images has 9 of them. A source of weight 0 has none. `fit` draws the order of the places anew in each epoch, by its
 * seed; with `steps` it ends sooner, and what it saw until then is a random part of the mix. `evaluate` counts an image as often as it has
 * a place.
 *
 * Each source augments its own images, and normalises them by what it was given: give all of them the same statistics, because the network
 * cannot tell from which source an image came. The mix holds nothing of its own; dispose the sources.
 *
 * @param sources of the same image shape and the same classes in the same order.
 *
 * @throws TypeError where something is no source; RangeError where there is none, two do not fit together, a weight is missing, negative or
 * not finite, all are 0, or they are so far apart that an epoch would have 2^31 images.
 *
 * @example
 * ```ts
 * const images = await data.load("fashion-mnist-sample", { limit: 100 });
 * const normalise = data.channelStatistics(images);
 * const usual = data.batches(data.subset(images, [0, 1, 2, 3, 4, 5]), { normalise });
 * const rare = data.batches(data.subset(images, [6, 7]), { normalise });
 * data.mixSources([usual, rare]).size; // 8
 * data.mixSources([usual, rare], { weights: [1, 1] }).size; // 12
 * ```
 */
export function mixSources(sources: readonly BatchSource[], options: MixSourcesOptions = {}): BatchSource {
  onlyKnown("mixSources", options, ["weights", "name"]);
  checkSources(sources);
  const { weights = sources.map(({ size }) => size), name = sources.map((one) => one.name).join(" + ") } =
    options;
  checkWeights(weights, sources);
  const ends = endsOfShares(sources, weights);
  const size = ends.at(-1)!;
  const { imageShape, classes } = sources[0]!;
  return {
    name,
    size,
    imageShape,
    classes,
    batch(indices, augmentation) {
      if (indices.length === 0) throw new RangeError("a batch must hold at least one image; got 0");
      const parts = sources.map(() => ({ at: [] as number[], images: [] as number[] }));
      indices.forEach((place, at) => {
        if (!(place >= 0 && place < size))
          throw new RangeError(`a place in ${name} must be 0 to ${size - 1}; got ${place}`);
        const which = ends.findIndex((end) => place < end);
        const part = parts[which]!;
        part.at.push(at);
        part.images.push((place - (ends[which - 1] ?? 0)) % sources[which]!.size);
      });
      // The order of the sources decides which numbers of the stream each one's augmentation takes.
      return tf.tidy(() => {
        const pieces = parts.flatMap(({ images }, which) =>
          images.length === 0 ? [] : [sources[which]!.batch(Int32Array.from(images), augmentation)],
        );
        if (pieces.length === 1) return pieces[0]!;
        // Source by source; back[at] is where the image of place `at` lies in that order.
        const back = new Int32Array(indices.length);
        parts.flatMap(({ at }) => at).forEach((at, i) => (back[at] = i));
        const order = tf.tensor1d(back, "int32");
        return {
          images: tf.gather(tf.concat(pieces.map(({ images }) => images)), order),
          labels: tf.gather(tf.concat(pieces.map(({ labels }) => labels)), order),
        };
      });
    },
  };
}

/** For each source the place behind its last one. Its share of the places is never smaller than its size, so that no image is left out. */
function endsOfShares(sources: readonly BatchSource[], weights: readonly number[]): readonly number[] {
  const seen = sources.map(({ size }, i) => (weights[i]! > 0 ? size / weights[i]! : 0));
  const places = highest(seen);
  let end = 0;
  const ends = weights.map((weight) => (end += weight === 0 ? 0 : Math.round(places * weight)));
  if (!(end <= mostImages)) {
    const rare = seen.indexOf(places);
    throw new RangeError(
      `mixSources: an epoch in which every image is seen must have fewer than 2^31; weights ${shown(weights)} need ${end}: ` +
        `give ${sources[rare]!.name}, which has ${sources[rare]!.size} images, more than ${weights[rare]!}`,
    );
  }
  return ends;
}

function checkSources(sources: readonly BatchSource[]): void {
  const given: unknown = sources; // JavaScript may pass anything
  if (!Array.isArray(given))
    throw new TypeError(`mixSources takes a list of sources, such as [one, other]; got ${kindOf(given)}`);
  if (given.length === 0) throw new RangeError("mixSources needs at least one source; got []");
  given.forEach((one: unknown, i) => {
    const source = one as Partial<BatchSource> | null | undefined;
    if (typeof source?.batch !== "function" || !Number.isInteger(source.size) || source.size! < 1)
      throw new TypeError(
        `mixSources: sources[${i}] must be a source of batches with at least one image, which data.batches(dataset) makes; got ${kindOf(one)}`,
      );
  });
  const [first, ...others] = sources;
  for (const other of others) {
    if (other.imageShape.join("x") !== first!.imageShape.join("x"))
      throw new RangeError(
        `mixSources: all images must have one shape; those of ${first!.name} are ${first!.imageShape.join("x")}, ` +
          `those of ${other.name} ${other.imageShape.join("x")}`,
      );
    const length = Math.max(first!.classes.length, other.classes.length);
    const differ = Array.from({ length }, (_, k) => k).find((k) => first!.classes[k] !== other.classes[k]);
    if (differ !== undefined)
      throw new RangeError(
        `mixSources: a label must mean the same class in all sources; ${differ} is ${shown(first!.classes[differ])} in ${first!.name} ` +
          `and ${shown(other.classes[differ])} in ${other.name}`,
      );
  }
}

function checkWeights(weights: readonly number[], sources: readonly BatchSource[]): void {
  const given: unknown = weights;
  if (!Array.isArray(given) || given.length !== sources.length)
    throw new RangeError(
      `mixSources: weights must be a list of ${sources.length} numbers, one for each source; got ${shown(given)}`,
    );
  given.forEach((weight: unknown, i) => {
    if (typeof weight !== "number" || !(weight >= 0 && weight < Infinity))
      throw new RangeError(
        `mixSources: weights[${i}], that of ${sources[i]!.name}, must be a finite number of at least 0; got ${shown(weight)}`,
      );
  });
  if (weights.every((weight) => weight === 0))
    throw new RangeError(`mixSources: a weight must be above 0; got ${shown(weights)}`);
}
