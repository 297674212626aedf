// What an answer gives, in whatever style it was written, as plain data; and that it left its input as it was.
import * as tf from "@tensorflow/tfjs-core";
import type { NdArray } from "../autodiff/index.js";
import { agree } from "./compare.js";
import type { Plain } from "./plain.js";

/**
 * An answer changed the input that it was given.
 *
 * @example
 * ```ts
 * const input = [3, 1, 2];
 * await check.given(input, () => input.sort()).catch(({ name }) => name); // "ChangedInput"
 * ```
 */
export class ChangedInput extends Error {
  override readonly name = "ChangedInput";
}

/**
 * Calls an answer and gives what it gives as plain data: at once or by a promise, numbers or tensors, lists, typed arrays, generators, and
 * objects of these.
 *
 * @param input what the answer was given. Tensors are made of it for each call, so an answer may dispose of them.
 * @throws ChangedInput where the call changed `input`
 *
 * @example
 * ```ts
 * await check.given({ shape: [2], values: [1, 2] }, () => 3); // 3
 * ```
 */
export async function given(input: Plain, call: () => unknown): Promise<Plain> {
  const before = structuredClone(input);
  const output = await plainOf(await call());
  if (!agree(input, before, 0)) {
    throw new ChangedInput(
      "the answer changes the lists that it is given: whoever calls it may still need them, so work on a copy, such as [...values]",
    );
  }
  return output;
}

/**
 * Some fields of an object that an answer gave: it may hold more.
 * @throws TypeError where it is no object or lacks one
 *
 * @example
 * ```ts
 * check.fields({ a: 1, b: 2 }, ["a", "b"]); // { a: 1, b: 2 }
 * ```
 */
export function fields(value: unknown, names: readonly string[]): Record<string, unknown> {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(`the answer must give an object with ${names.join(", ")}; got ${String(value)}`);
  }
  const missing = names.filter((name) => (value as Record<string, unknown>)[name] === undefined);
  if (missing.length > 0) throw new TypeError(`the answer's object lacks ${missing.join(", ")}`);
  return Object.fromEntries(names.map((name) => [name, (value as Record<string, unknown>)[name]]));
}

/**
 * A value as plain data: tensors and arrays as nested lists, a tensor without dimensions as its number, undefined as null.
 * @throws TypeError for what is no data, such as a function
 *
 * @example
 * ```ts
 * await check.plainOf(tf.tensor1d([1, 2])); // [1, 2]
 * ```
 */
export async function plainOf(value: unknown): Promise<Plain> {
  if (value === undefined || value === null) return null;
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value !== "object") throw new TypeError(`the answer must give data; got a ${typeof value}`);
  if (value instanceof Promise) return plainOf(await value);
  if (value instanceof tf.Tensor) return tensorOf(value as tf.Tensor);
  if (isArray(value)) return nested(value.data, value.shape);
  if (Symbol.iterator in value) return eachOf([...(value as Iterable<unknown>)]);
  const entries = Object.entries(value as Record<string, unknown>);
  const values = await eachOf(entries.map(([, inner]) => inner));
  return Object.fromEntries(entries.map(([key], i) => [key, values[i]!]));
}

/** Whether it is an array of `autodiff`. */
function isArray(value: object): value is NdArray {
  const { data, shape } = value as Partial<NdArray>;
  return data instanceof Float64Array && Array.isArray(shape);
}

const tensorOf = async (value: tf.Tensor): Promise<Plain> => nested(await value.data(), value.shape);

async function eachOf(values: readonly unknown[]): Promise<readonly Plain[]> {
  const all: Plain[] = [];
  for (const value of values) all.push(await plainOf(value));
  return all;
}

/** Row-major numbers as lists of lists, one level a dimension. */
function nested(values: ArrayLike<number>, shape: readonly number[]): Plain {
  const [length, ...rest] = shape;
  if (length === undefined) return values[0]!;
  const size = rest.reduce((product, side) => product * side, 1);
  return Array.from({ length }, (_, i) =>
    nested(Array.prototype.slice.call(values, i * size, (i + 1) * size) as number[], rest),
  );
}
