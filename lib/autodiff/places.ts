// Where elements are taken from: windows, strides, channels and transposition as tables of places, for `gather` and `scatterAdd`.
import { shapeText, sizeOf, tabulate, type Shape } from "./nd-array.js";
import { lowest } from "../numeric.js";

/** Places in a flat array, in the order of a shape; -1 is a zero outside of it. */
export interface Places {
  readonly shape: Shape;
  readonly places: Int32Array;
}

/** A window of `kernel` x `kernel` pixels that moves by `stride` over an image with `padding` rows and columns around it. */
export interface Window {
  readonly kernel: number;
  /** Default: 1 for a convolution, `kernel` for a pooling. */
  readonly stride?: number;
  /** Default: 0. */
  readonly padding?: number;
}

/** How many windows fit along a side: floor((length + 2 padding - kernel) / stride) + 1. */
export function windowsAlong(length: number, { kernel, stride, padding }: Required<Window>): number {
  return Math.floor((length + 2 * padding - kernel) / stride) + 1;
}

/** The images of a shape [N, H, W, C]. @throws RangeError if it is no such shape. */
export function imageShape(shape: Shape): readonly [number, number, number, number] {
  if (shape.length !== 4)
    throw new RangeError(`x must be images of shape [N, H, W, C]; got ${shapeText(shape)}`);
  return shape as unknown as readonly [number, number, number, number];
}

/** @throws RangeError if the value is not a whole number of at least `least`. */
export function requireCount(value: number, what: string, least: number): void {
  if (!Number.isInteger(value) || value < least) {
    throw new RangeError(`${what} must be a whole number of at least ${least}; got ${value}`);
  }
}

/** The height and width of what windows over images give. @throws RangeError if no window fits. */
export function outputSides(images: Shape, window: Required<Window>): readonly [number, number] {
  requireCount(window.kernel, "kernel", 1);
  requireCount(window.stride, "stride", 1);
  requireCount(window.padding, "padding", 0);
  const [, height, width] = imageShape(images);
  const sides = [windowsAlong(height, window), windowsAlong(width, window)] as const;
  if (lowest(sides) < 1) {
    throw new RangeError(
      `a window of ${window.kernel} with padding ${window.padding} must fit into the image; got ${height}x${width}`,
    );
  }
  return sides;
}

function tableOf(shape: Shape, place: (...index: number[]) => number): Places {
  return { shape, places: Int32Array.from(tabulate(shape, place).data) };
}

/** The pixels of each window: [N, H', W', kernel * kernel, C]. Pixels of the padding are -1. */
export function windowPlaces(images: Shape, window: Required<Window>): Places {
  const [count, height, width, channels] = imageShape(images);
  const { kernel, stride, padding } = window;
  const [rows, columns] = outputSides(images, window);
  return tableOf([count, rows, columns, kernel * kernel, channels], (n, row, column, k, c) => {
    const i = row * stride - padding + Math.floor(k / kernel);
    const j = column * stride - padding + (k % kernel);
    const inside = i >= 0 && i < height && j >= 0 && j < width;
    return inside ? ((n * height + i) * width + j) * channels + c : -1;
  });
}

/** Every `stride`-th row and column of images: [N, ceil(H / stride), ceil(W / stride), C]. */
export function stridePlaces(images: Shape, stride: number): Places {
  const { shape, places } = windowPlaces(images, { kernel: 1, stride, padding: 0 });
  return { shape: [shape[0]!, shape[1]!, shape[2]!, shape[4]!], places };
}

/** `count` channels (elements of the last axis) from `start` on; those behind the last are -1. */
export function channelPlaces(x: Shape, start: number, count: number): Places {
  const channels = x.at(-1)!;
  return tableOf([sizeOf(x) / channels, count], (row, c) => {
    const channel = start + c;
    return channel < channels ? row * channels + channel : -1;
  });
}

/** Rows as columns. */
export function transposedPlaces([rows, columns]: Shape): Places {
  return tableOf([columns!, rows!], (column, row) => row * columns! + column);
}
