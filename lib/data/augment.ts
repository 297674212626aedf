// Pad-and-crop with horizontal flip, for a whole batch in one operation on the device.
import * as tf from "@tensorflow/tfjs-core";
import type { RandomStream } from "../random/index.js";

/** How images are changed at random in training. */
export interface Augmentation {
  /** Pixels of padding on each side, of which a crop of the original size is taken; 0 to crop nothing. */
  readonly pad: number;
  /** Mirror half of the images left to right. */
  readonly flip: boolean;
}

/** Where one image is cropped: its shift down and right, each in -pad..pad, and whether it is mirrored. */
export interface Crop {
  readonly down: number;
  readonly right: number;
  readonly mirrored: boolean;
}

/** The papers' augmentation of CIFAR: "4 pixels are padded on each side", crop, flip (He et al. 2015, section 4.2). */
export const padCropFlip: Augmentation = { pad: 4, flip: true };

/** A crop for each of `count` images. An image takes the same numbers from the stream wherever its pixels are kept. */
export function drawCrops({ pad, flip }: Augmentation, count: number, stream: RandomStream): readonly Crop[] {
  return Array.from({ length: count }, () => ({
    down: pad === 0 ? 0 : stream.integer(2 * pad + 1) - pad,
    right: pad === 0 ? 0 : stream.integer(2 * pad + 1) - pad,
    mirrored: flip && stream.integer(2) === 1,
  }));
}

/**
 * Crops of images [N, H, W, C], one for each of `indices`, as [B, H, W, C]: pixel (y, x) of crop i is pixel
 * (y + down, x + right) of image indices[i] (x counted from the right where mirrored), and 0 outside it. After
 * normalisation 0 is the mean colour: the papers' much used code pads so too.
 *
 * One `cropAndResize` does it: the box keeps the image's size, so "nearest" picks whole pixels and none is blended;
 * swapping the box's left and right mirrors. The box is given in units of the image's last row and column; where it
 * meets the image's border it is moved inward by a thousandth of a pixel, lest float32 rounding puts a border row
 * outside.
 */
export function cropAndFlip(images: tf.Tensor4D, indices: Int32Array, crops: readonly Crop[]): tf.Tensor4D {
  const [, height, width] = images.shape;
  const boxes = new Float32Array(crops.length * 4);
  crops.forEach(({ down, right, mirrored }, i) => {
    const [top, bottom] = edges(down, height);
    const [left, last] = edges(right, width);
    boxes.set(mirrored ? [top, last, bottom, left] : [top, left, bottom, last], 4 * i);
  });
  return tf.tidy(() =>
    tf.image.cropAndResize(
      images,
      tf.tensor2d(boxes, [crops.length, 4]),
      tf.tensor1d(indices, "int32"),
      [height, width],
      "nearest",
      0,
    ),
  );
}

/**
 * First and last line of a crop shifted by `shift` lines, as fractions of the image's last line.
 *
 * The two never lie exactly an image apart: the WebAssembly kernel of TensorFlow.js 4.22 then copies whole rows from the
 * image's left edge, whatever the shift.
 */
function edges(shift: number, lines: number): readonly [number, number] {
  const inward = 1e-3;
  const first = shift > 0 ? -inward : shift < 0 ? 2 * inward : inward;
  const last = shift > 0 ? -2 * inward : shift < 0 ? inward : -inward;
  return [(shift + first) / (lines - 1), (shift + lines - 1 + last) / (lines - 1)];
}
