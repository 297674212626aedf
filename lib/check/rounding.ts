// How far a right answer may lie from the exact one, because it computes in float32.
import { isPlainTensor, numbersIn, type Plain } from "./plain.js";

/** float32 rounds a number by at most this share of it: half the distance from 1 to the next one. */
const share = 2 ** -24;

/** Below this float32 has fewer digits, and then none. */
const smallest = 2 ** -126;

/**
 * The bound on what float32 rounds away. A sum of n products rounds each product, each partial sum and each input that float64 gave:
 * at most `roundings` times in a row, and each time by at most 2^-24 of the sum of the summands' absolute values, `magnitude`.
 * Any order of summation keeps it, so a loop and a tensor operation pass alike; float64 stays far below it.
 *
 * @param roundings how many roundings lie on the longest way from an input to a result: about 2 for a product, n for a sum of n
 * @param magnitude the largest sum of absolute values that any result is made of, in the result's own unit
 *
 * @example
 * ```ts
 * check.float32(10, 1); // 5.9605e-7
 * ```
 */
export function float32(roundings: number, magnitude: number): number {
  if (!(roundings > 0) || !(magnitude >= 0)) {
    throw new RangeError(
      `float32() needs a positive number of roundings and a magnitude of at least 0; got ${roundings} and ${magnitude}`,
    );
  }
  return roundings * (share * magnitude + smallest);
}

/**
 * The largest absolute value of the finite numbers in plain data, 0 where there is none.
 *
 * @example
 * ```ts
 * check.largest({ shape: [2], values: [-3, 2] }); // 3
 * ```
 */
export function largest(value: Plain): number {
  return numbersIn(isPlainTensor(value) ? value.values : value).reduce(
    (most, number) => (Number.isFinite(number) ? Math.max(most, Math.abs(number)) : most),
    0,
  );
}

/**
 * The same input with every number's absolute value. What a formula of sums and products gives for it is the sum of its summands'
 * absolute values: the magnitude that `float32` asks for.
 *
 * @example
 * ```ts
 * check.absolutes({ shape: [2], values: [-1, 2] }); // { shape: [2], values: [1, 2] }
 * ```
 */
export function absolutes<T>(input: T): T {
  if (typeof input === "number") return Math.abs(input) as T;
  if (Array.isArray(input)) return input.map((item: unknown) => absolutes(item)) as T;
  if (typeof input !== "object" || input === null) return input;
  return Object.fromEntries(
    Object.entries(input).map(([key, inner]) => [key, absolutes<unknown>(inner)]),
  ) as T;
}
