// Batches for training: a data set normalised and kept on the device, cropped and mirrored there at random.
import * as tf from "@tensorflow/tfjs-core";
import type { BatchSource } from "../model/trainable.js";
import { kindOf, numberWithin, oneOf, onlyKnown } from "../options.js";
import { cropAndFlip, drawCrops, padCropFlip, type Augmentation } from "./augment.js";
import type { Dataset } from "./dataset.js";
import { channelStatistics, normalised, normaliser, type ChannelStatistics } from "./normalise.js";

/** Options of `batches`. */
export interface BatchesOptions {
  /**
   * `per-channel` (the default): to mean 0 and deviation 1 by this set's own statistics, which only a training split may use. Statistics:
   * by those; another split has to be given its training split's, `data.batches(test, { normalise: train.statistics })`. `none`: to 0..1 only.
   */
  readonly normalise?: "per-channel" | "none" | ChannelStatistics;
  /** What training batches undergo: `none` (the default), the papers' `pad-crop-flip` (4 pixels), or another amount. */
  readonly augment?: "none" | "pad-crop-flip" | Augmentation;
  /**
   * The most bytes of float32 images to keep on the device; a larger set stays in host memory as bytes and is uploaded
   * by the batch, with the same result. Default: 2 GiB on TensorFlow; 128 MiB elsewhere, WebGPU's guaranteed buffer.
   */
  readonly residentBytes?: number;
}

/** A source of batches that holds device memory until disposed. */
export interface DeviceBatches extends BatchSource {
  readonly split: Dataset["split"];
  /** What the images were normalised by: mean 0 and std 1 for `none`. */
  readonly statistics: ChannelStatistics;
  /** Whether the images are on the device. */
  readonly resident: boolean;
  /** Frees the device memory. Later batches throw; a second call does nothing. */
  dispose(): void;
}

/**
 * Batches of a data set on the current backend: images [B, H, W, C] float32, labels [B] int32.
 *
 * @throws RangeError where statistics or augmentation do not fit the images, the set is empty, or a split that is not the training split has
 * no statistics.
 *
 * @example
 * ```ts
 * const source = data.batches(await data.load("fashion-mnist-sample", { limit: 100 }));
 * [source.size, source.imageShape]; // [100, [28, 28, 1]]
 * ```
 */
export function batches(dataset: Dataset, options: BatchesOptions = {}): DeviceBatches {
  onlyKnown("batches", options, ["normalise", "augment", "residentBytes"]);
  const { normalise = "per-channel", augment = "none" } = options;
  const usual = tf.getBackend() === "tensorflow" ? 2 * 2 ** 30 : 128 * 2 ** 20;
  const residentBytes = numberWithin("batches: residentBytes", options.residentBytes ?? usual, 0, Infinity);
  checkDataset(dataset);
  const { name, split, imageShape, classes, labels } = dataset;
  const [height, width, channels] = imageShape;
  const size = labels.length;
  const statistics = statisticsFor(dataset, normalise);
  const toValues = normaliser(statistics, channels);
  const augmentation = augmentationOf(augment);
  if (augmentation) checkAugmentation(augmentation, imageShape);

  const resident = 4 * dataset.images.length <= residentBytes;
  let images: tf.Tensor4D | undefined;
  if (resident) images = tf.tensor4d(normalised(dataset, toValues), [size, height, width, channels]);
  let disposed = false;

  return {
    name,
    split,
    size,
    imageShape,
    classes,
    statistics,
    resident,
    batch(indices, stream) {
      if (disposed) throw new Error(`${name} ${split} was disposed: make it again with data.batches`);
      checkIndices(indices, size);
      const crops = augmentation && stream ? drawCrops(augmentation, indices.length, stream) : undefined;
      const batchLabels = tf.tensor1d(
        indices.map((index) => labels[index]!),
        "int32",
      );
      if (images) {
        const chosen = crops ? cropAndFlip(images, indices, crops) : gather(images, indices);
        return { images: chosen, labels: batchLabels };
      }
      const shape: [number, number, number, number] = [indices.length, height, width, channels];
      const uploaded = tf.tensor4d(normalised(dataset, toValues, indices), shape);
      if (!crops) return { images: uploaded, labels: batchLabels };
      const cropped = cropAndFlip(
        uploaded,
        indices.map((_, i) => i),
        crops,
      );
      uploaded.dispose();
      return { images: cropped, labels: batchLabels };
    },
    dispose() {
      disposed = true;
      images?.dispose();
      images = undefined;
    },
  };
}

/**
 * A data set may be made by hand. A label that is no class has no loss on some backends, and an image that is not there would be zeros.
 *
 * @throws TypeError where it is no data set; RangeError where it is empty, or its images, labels and classes do not fit together.
 */
function checkDataset(dataset: Dataset): void {
  const given = dataset as Partial<Dataset> | null | undefined;
  if (!given?.images || !given.labels || !given.imageShape || !given.classes)
    throw new TypeError(
      `data.batches takes a data set with images, labels, imageShape and classes, as data.load gives it; got ${kindOf(dataset)}`,
    );
  const { name, split, images, labels, imageShape, classes } = dataset;
  // JavaScript may pass any numbers; a value that is no byte has no place in the table of normalised ones, and would be NaN.
  const kind = Object.prototype.toString.call(images).slice(8, -1);
  if (kind !== "Uint8Array" && kind !== "Uint8ClampedArray")
    throw new TypeError(
      `images are bytes from 0 to 255, in a Uint8Array; ${name} ${split} has them in a ${kind}. Math.round(255 * value) makes bytes of values from 0 to 1`,
    );
  if (labels.length === 0) throw new RangeError(`batches need at least one image; ${name} ${split} has 0`);
  const needed = imageShape.reduce((product, length) => product * length, labels.length);
  if (images.length !== needed) {
    throw new RangeError(
      `${labels.length} images of ${imageShape.join("x")} are ${needed} bytes; ${name} ${split} has ${images.length}`,
    );
  }
  const wrong = labels.findIndex(
    (label) => !(Number.isInteger(label) && label >= 0 && label < classes.length),
  );
  if (wrong >= 0) {
    throw new RangeError(
      `labels are whole numbers from 0 to ${classes.length - 1}, one for each class; label ${wrong} of ${name} ${split} is ${labels[wrong]!}`,
    );
  }
}

function augmentationOf(augment: BatchesOptions["augment"]): Augmentation | undefined {
  if (typeof augment === "object") {
    onlyKnown("batches: augment", augment, ["pad", "flip"], ["pad", "flip"]);
    return augment;
  }
  return oneOf("batches: augment", augment, ["none", "pad-crop-flip"]) === "none" ? undefined : padCropFlip;
}

function statisticsFor(
  dataset: Dataset,
  normalise: "per-channel" | "none" | ChannelStatistics,
): ChannelStatistics {
  const { name, split } = dataset;
  if (typeof normalise === "object")
    onlyKnown("batches: normalise", normalise, ["mean", "std"], ["mean", "std"]);
  else oneOf("batches: normalise", normalise, ["per-channel", "none"]);
  if (normalise === "per-channel" && split !== "train") {
    throw new RangeError(
      `a ${split} split must be normalised by its training split's statistics, not its own; got ${name} ${split} without any: give ` +
        "{ normalise: train.statistics }, or data.channelStatistics(trainImages)",
    );
  }
  if (normalise === "per-channel") return channelStatistics(dataset);
  if (normalise !== "none") return normalise;
  const channels = dataset.imageShape[2];
  return { mean: Array<number>(channels).fill(0), std: Array<number>(channels).fill(1) };
}

function gather(images: tf.Tensor4D, indices: Int32Array): tf.Tensor4D {
  return tf.tidy(() => tf.gather(images, tf.tensor1d(indices, "int32")));
}

function checkAugmentation({ pad }: Augmentation, [height, width]: Dataset["imageShape"]): void {
  const smaller = Math.min(height, width);
  if (smaller < 2)
    throw new RangeError(`augmentation needs images of at least 2x2 pixels; got ${height}x${width}`);
  if (!Number.isInteger(pad) || pad < 0 || pad >= smaller)
    throw new RangeError(`pad must be an integer from 0 to ${smaller - 1}; got ${pad}`);
}

function checkIndices(indices: Int32Array, size: number): void {
  if (indices.length === 0) throw new RangeError("a batch must hold at least one image; got 0");
  const wrong = indices.find((index) => index < 0 || index >= size);
  if (wrong !== undefined) throw new RangeError(`an image's index must be 0 to ${size - 1}; got ${wrong}`);
}
