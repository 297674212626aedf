// Takes parts of a data set: chosen images, the first of each class, a held-out validation set.
import { randomStream } from "../random/index.js";
import type { Dataset } from "./dataset.js";

/**
 * The images at the given places, in that order; a copy.
 * @throws RangeError where an index is not one of 0..N - 1.
 *
 * @example
 * ```ts
 * const images = await data.load("fashion-mnist-sample", { limit: 100 });
 * data.subset(images, [3, 1]).labels.length; // 2
 * ```
 */
export function subset(dataset: Dataset, indices: ArrayLike<number>): Dataset {
  const pixels = pixelsOf(dataset);
  const size = dataset.labels.length;
  const images = new Uint8Array(indices.length * pixels);
  const labels = new Uint8Array(indices.length);
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i]!;
    if (!Number.isInteger(index) || index < 0 || index >= size)
      throw new RangeError(`an image's index must be an integer from 0 to ${size - 1}; got ${index}`);
    images.set(dataset.images.subarray(index * pixels, (index + 1) * pixels), i * pixels);
    labels[i] = dataset.labels[index]!;
  }
  return { ...dataset, images, labels };
}

/**
 * The first `perClass` images of each class, kept in their order: a balanced set.
 * @throws RangeError where a class has fewer images.
 *
 * @example
 * ```ts
 * const few = data.firstOfEachClass(await data.load("fashion-mnist-sample"), 2);
 * few.labels.length; // 20
 * ```
 */
export function firstOfEachClass(dataset: Dataset, perClass: number): Dataset {
  if (!Number.isInteger(perClass) || perClass < 1)
    throw new RangeError(`images per class must be a positive integer; got ${perClass}`);
  return subset(dataset, firstOfEachLabel(dataset.labels, dataset.classes.length, perClass));
}

/**
 * Places of the first `perClass` labels of each of `classes` classes, ascending.
 * @throws RangeError where a class has fewer.
 */
export function firstOfEachLabel(labels: Uint8Array, classes: number, perClass: number): Int32Array {
  const seen = new Int32Array(classes);
  const chosen: number[] = [];
  labels.forEach((label, i) => {
    seen[label]!++;
    if (seen[label]! <= perClass) chosen.push(i);
  });
  const short = seen.findIndex((count) => count < perClass);
  if (short >= 0)
    throw new RangeError(
      `class ${short} has ${seen[short]!} images; got a request for ${perClass} of each class`,
    );
  return Int32Array.from(chosen);
}

/**
 * Holds `count` images drawn by `seed` out of a training split; both parts keep the file order.
 *
 * The ResNet paper splits CIFAR-10's training images 45,000 / 5,000 (He et al. 2015, section 4.2): `splitValidation(cifar,
 * 5000, 0)`.
 *
 * @throws RangeError where `count` leaves either part empty, or the split is not `train`.
 *
 * @example
 * ```ts
 * const images = await data.load("fashion-mnist-sample", { limit: 100 });
 * const { train: rest, validation } = data.splitValidation(images, 20, 1);
 * [rest.labels.length, validation.labels.length]; // [80, 20]
 * ```
 */
export function splitValidation(
  dataset: Dataset,
  count: number,
  seed: number,
): { readonly train: Dataset; readonly validation: Dataset } {
  const size = dataset.labels.length;
  if (dataset.split !== "train")
    throw new RangeError(`a validation set must be held out of the train split; got ${dataset.split}`);
  if (!Number.isInteger(count) || count < 1 || count >= size)
    throw new RangeError(`a validation set must hold 1 to ${size - 1} of the ${size} images; got ${count}`);
  const order = randomStream(seed, "validation").permutation(size);
  return {
    train: subset(dataset, order.slice(count).sort()),
    validation: { ...subset(dataset, order.slice(0, count).sort()), split: "validation" },
  };
}

/** Values in one image: H x W x C. */
export function pixelsOf({ imageShape: [height, width, channels] }: Pick<Dataset, "imageShape">): number {
  return height * width * channels;
}
