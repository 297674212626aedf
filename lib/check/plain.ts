// Plain data: what passes between a learner's answer and whoever judges it, and tensors in it.
import * as tf from "@tensorflow/tfjs-core";
import { array, type NdArray } from "../autodiff/index.js";

/** What JSON holds, and also NaN, Infinity and -Infinity. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

/** A tensor as plain data, row-major. */
export type PlainTensor = { readonly shape: readonly number[]; readonly values: readonly number[] };

/**
 * The tensor that plain data stand for; the caller disposes it.
 *
 * @example
 * ```ts
 * check.tensor({ shape: [1, 2], values: [3, 4] }); // [[3, 4]]
 * ```
 */
export function tensor({ shape, values }: PlainTensor): tf.Tensor {
  return tf.tensor([...values], [...shape], "float32");
}

/**
 * The shape and values of a tensor, or of a tensor to come. It leaves the tensor as it is.
 * @throws TypeError for anything else, as an answer may return it
 *
 * @example
 * ```ts
 * await check.plain(tf.tensor2d([[1, 2]])); // { shape: [1, 2], values: [1, 2] }
 * ```
 */
export async function plain(given: unknown): Promise<PlainTensor> {
  const value = await given;
  if (!(value instanceof tf.Tensor)) {
    throw new TypeError(`the answer must return a tensor; got ${value === null ? "null" : typeof value}`);
  }
  const { shape } = value as tf.Tensor;
  return { shape: [...shape], values: Array.from(await value.data()) };
}

/**
 * A tensor as an array of float64 numbers, with which a judge computes what is right.
 *
 * @example
 * ```ts
 * check.float64({ shape: [2], values: [1, 2] }); // [1, 2]
 * ```
 */
export function float64({ shape, values }: PlainTensor): NdArray {
  return array([...values], shape);
}

/**
 * The other way round.
 *
 * @example
 * ```ts
 * check.plainFrom(autodiff.array([[1, 2]])); // { shape: [1, 2], values: [1, 2] }
 * ```
 */
export function plainFrom({ shape, data }: NdArray): PlainTensor {
  return { shape: [...shape], values: Array.from(data) };
}

/**
 * A tensor with zeros for all but the first entries of its first axis: what an answer gives that stops after so many images.
 *
 * @example
 * ```ts
 * check.firstOnly({ shape: [3], values: [1, 2, 3] }, 2); // { shape: [3], values: [1, 2, 0] }
 * ```
 */
export function firstOnly({ shape, values }: PlainTensor, count: number): PlainTensor {
  const end = (count * values.length) / shape[0]!;
  return { shape, values: values.map((value, i) => (i < end ? value : 0)) };
}

/**
 * Whether a value is a tensor as plain data, with as many numbers as its shape says. Safe for any value.
 *
 * @example
 * ```ts
 * check.isPlainTensor({ shape: [1], values: [3] }); // true
 * ```
 */
export function isPlainTensor(value: unknown): value is PlainTensor {
  if (typeof value !== "object" || value === null) return false;
  const { shape, values } = value as { shape?: unknown; values?: unknown };
  if (!isNumbers(shape) || !isNumbers(values)) return false;
  return (
    shape.every((length) => Number.isInteger(length) && length >= 0) &&
    values.length === shape.reduce((product, length) => product * length, 1)
  );
}

/**
 * Whether a value is a list of numbers.
 *
 * @example
 * ```ts
 * check.isNumbers([1, 2]); // true
 * ```
 */
export function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => typeof item === "number");
}

/** Every number in plain data, in the order in which they stand; a tensor's shape too. */
export function numbersIn(value: Plain): readonly number[] {
  if (typeof value === "number") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value as Record<string, Plain>).flatMap(numbersIn);
}
