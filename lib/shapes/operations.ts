// The operations of a residual unit on tensors whose shape is in their type.
import * as tf from "@tensorflow/tfjs-core";
import { conv2d as convolve, relu as rectify } from "../runtime/index.js";
import { shaped, type Addend, type Dimensions, type N, type Shape, type Strided, type Sum } from "./shape.js";

/** A batch of images or feature maps. */
export type Images<H extends number, W extends number, C extends number> = Shape<readonly [N, H, W, C]>;

type Sides<H extends number, W extends number, Stride extends 1 | 2, C extends number> = readonly [
  N,
  Strided<H, Stride>,
  Strided<W, Stride>,
  C,
];

/**
 * The residual and its shortcut, added. Other shapes do not compile: TensorFlow would broadcast some of them without a word.
 *
 * @param shortcut of the residual's shape
 * @throws RangeError where the batches differ
 *
 * @example
 * ```ts
 * const x = shapes.shaped(tf.ones([1, 2, 2, 1]), ["N", 2, 2, 1]);
 * shapes.add(x, x).tensor.sum(); // 8
 * ```
 */
export function add<F extends Dimensions, S extends Shape>(
  residual: Shape<F>,
  shortcut: S & Addend<F, S["dimensions"], S>,
): Shape<F> {
  const { shape } = residual.tensor;
  const other = (shortcut as Shape).tensor;
  if (shape.join() !== other.shape.join()) {
    throw new RangeError(
      `a shortcut must have the residual's shape, [${shape.join(", ")}]; got [${other.shape.join(", ")}]`,
    );
  }
  return { tensor: tf.add(residual.tensor, other), dimensions: residual.dimensions };
}

/**
 * max(x, 0), elementwise.
 *
 * @example
 * ```ts
 * shapes.relu(shapes.shaped(tf.tensor2d([[-1, 2]]), ["N", 2])).tensor; // [[0, 2]]
 * ```
 */
export function relu<D extends Dimensions>(x: Shape<D>): Shape<D> {
  return { tensor: rectify(x.tensor), dimensions: x.dimensions };
}

/**
 * A convolution with padding (K - 1) / 2. x [N, H, W, In] and kernel [K, K, In, Out] give [N, H / stride, W / stride, Out].
 *
 * @example
 * ```ts
 * const x = shapes.shaped(tf.ones([1, 4, 4, 1]), ["N", 4, 4, 1]);
 * shapes.conv2d(x, shapes.shaped(tf.ones([3, 3, 1, 8]), [3, 3, 1, 8]), 2).dimensions; // ["N", 2, 2, 8]
 * ```
 */
export function conv2d<
  H extends number,
  W extends number,
  In extends number,
  Out extends number,
  Stride extends 1 | 2,
>(
  x: Images<H, W, In>,
  kernel: Shape<readonly [number, number, NoInfer<In>, Out]>,
  stride: Stride,
): Shape<Sides<H, W, Stride, Out>> {
  const [size, , , out] = kernel.dimensions;
  const tensor = convolve(x.tensor as tf.Tensor4D, kernel.tensor as tf.Tensor4D, stride, (size - 1) / 2);
  return { tensor, dimensions: ["N", tensor.shape[1], tensor.shape[2], out] as never };
}

/**
 * Every second row and column. x [N, H, W, C] gives [N, H / 2, W / 2, C].
 *
 * @example
 * ```ts
 * shapes.subsample(shapes.shaped(tf.ones([1, 4, 4, 2]), ["N", 4, 4, 2])).dimensions; // ["N", 2, 2, 2]
 * ```
 */
export function subsample<H extends number, W extends number, C extends number>(
  x: Images<H, W, C>,
): Shape<Sides<H, W, 2, C>> {
  const tensor = tf.avgPool(x.tensor as tf.Tensor4D, 1, 2, "valid");
  return { tensor, dimensions: ["N", tensor.shape[1], tensor.shape[2], x.dimensions[3]] as never };
}

/**
 * Channels of zeros behind x's own. x [N, H, W, C] gives [N, H, W, Out].
 * @throws RangeError if `channels` is less than x has
 *
 * @example
 * ```ts
 * shapes.padChannels(shapes.shaped(tf.ones([1, 4, 4, 2]), ["N", 4, 4, 2]), 8).dimensions; // ["N", 4, 4, 8]
 * ```
 */
export function padChannels<H extends number, W extends number, Out extends number>(
  x: Images<H, W, number>,
  channels: Out,
): Images<H, W, Out> {
  const [, height, width, own] = x.dimensions;
  if (channels < own) throw new RangeError(`channels can only be added; got ${own} to ${channels}`);
  const tensor = tf.pad(x.tensor as tf.Tensor4D, [[0, 0], [0, 0], [0, 0], [0, channels - own]]); // prettier-ignore
  return shaped(tensor, ["N", height, width, channels]);
}

/** A batch normalisation with fixed statistics, folded into one scale and one shift for each of C channels. */
export interface Norm<C extends number> {
  readonly scale: Shape<readonly [C]>;
  readonly shift: Shape<readonly [C]>;
}

/**
 * scale x + shift, channel by channel: what a batch normalisation does in inference. x and the result are [N, H, W, C].
 *
 * @example
 * ```ts
 * const x = shapes.shaped(tf.tensor4d([1, 3], [2, 1, 1, 1]), ["N", 1, 1, 1]);
 * const [scale, shift] = [2, 10].map((value) => shapes.shaped(tf.tensor1d([value]), [1]));
 * shapes.norm(x, { scale, shift }).dimensions; // ["N", 1, 1, 1]
 * ```
 */
export function norm<H extends number, W extends number, C extends number>(
  x: Images<H, W, C>,
  { scale, shift }: Norm<NoInfer<C>>,
): Images<H, W, C> {
  return { tensor: tf.add(tf.mul(x.tensor, scale.tensor), shift.tensor), dimensions: x.dimensions };
}

/**
 * Channels of one batch of images behind those of another. [N, H, W, A] and [N, H, W, B] give [N, H, W, A + B].
 *
 * @example
 * ```ts
 * const x = shapes.shaped(tf.ones([1, 4, 4, 2]), ["N", 4, 4, 2]);
 * shapes.concat(x, x).dimensions; // ["N", 4, 4, 4]
 * ```
 */
export function concat<H extends number, W extends number, A extends number, B extends number>(
  front: Images<H, W, A>,
  back: Images<NoInfer<H>, NoInfer<W>, B>,
): Images<H, W, Sum<A, B>> {
  const [, height, width, channels] = front.dimensions;
  const tensor = tf.concat([front.tensor, back.tensor], 3);
  return { tensor, dimensions: ["N", height, width, channels + back.dimensions[3]] as never };
}
