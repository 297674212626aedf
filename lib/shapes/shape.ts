// Tensors whose shape is in their type, so that a shortcut that does not fit is a compile error that says so.
import type * as tf from "@tensorflow/tfjs-core";

/** The batch: the one length that a type does not know. */
export type N = "N";

/** Lengths as the type knows them, such as `["N", 32, 32, 16]`. */
export type Dimensions = readonly (number | N)[];

/** A tensor with its lengths, in the type and at run time. Make one with `shaped`. */
export interface Shape<D extends Dimensions = Dimensions> {
  readonly tensor: tf.Tensor;
  readonly dimensions: D;
}

type Joined<D extends Dimensions> = D extends readonly [
  infer Head extends number | N,
  ...infer Rest extends Dimensions,
]
  ? Rest extends readonly []
    ? `${Head}`
    : `${Head}, ${Joined<Rest>}`
  : "";

/** A shape as messages name it: `Shape<[N, 32, 32, 16]>`. */
export type NameOf<D extends Dimensions> = `Shape<[${Joined<D>}]>`;

type Same<A, B> = [A, B] extends [B, A] ? true : false;

/** `Value` if the shapes are the same, else the sentence that the compiler shows. */
export type Addend<F extends Dimensions, H extends Dimensions, Value> =
  Same<F, H> extends true
    ? Value
    : `${NameOf<H>} cannot be added to ${NameOf<F>}: project or pad the shortcut`;

/** `Length` things of no type: types count by the lengths of tuples. */
type Tuple<Length extends number, Things extends readonly unknown[] = []> = Things["length"] extends Length
  ? Things
  : Tuple<Length, readonly [...Things, unknown]>;

/** A + B, for lengths below a thousand that are known; `number` where one is not. */
export type Sum<A extends number, B extends number> = number extends A | B
  ? number
  : readonly [...Tuple<A>, ...Tuple<B>] extends { readonly length: infer Length extends number }
    ? Length
    : never;

/** Sizes of the papers' feature maps and what stride 2 makes of them. */
interface Halves {
  224: 112;
  112: 56;
  56: 28;
  28: 14;
  14: 7;
  32: 16;
  16: 8;
  8: 4;
  4: 2;
}

/** A length after a convolution with padding (kernel - 1) / 2. */
export type Strided<Length, Stride extends 1 | 2> = Stride extends 1
  ? Length
  : Length extends keyof Halves
    ? Halves[Length]
    : never;

/**
 * Gives a tensor the shape that it has.
 * @throws RangeError if it has another.
 *
 * @example
 * ```ts
 * shapes.shaped(tf.zeros([4, 8, 8, 3]), ["N", 8, 8, 3]).dimensions; // ["N", 8, 8, 3]
 * ```
 */
export function shaped<const D extends Dimensions>(tensor: tf.Tensor, dimensions: D): Shape<D> {
  const fits =
    tensor.rank === dimensions.length &&
    dimensions.every((length, i) => length === "N" || length === tensor.shape[i]);
  if (!fits) {
    throw new RangeError(
      `a tensor must have the shape it is given, [${dimensions.join(", ")}]; got [${tensor.shape.join(", ")}]`,
    );
  }
  return { tensor, dimensions };
}
