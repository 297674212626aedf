// Draws the cases of a property from a seed.
import { randomStream, type RandomStream } from "../random/index.js";
import type { PlainTensor } from "./plain.js";

/**
 * A stream for one property's cases: the same seed and property give the same cases.
 *
 * @example
 * ```ts
 * check.oddNumbers(check.stream(1, "a"), 1)[0] === check.oddNumbers(check.stream(1, "b"), 1)[0]; // false
 * ```
 */
export function stream(seed: number, property: string): RandomStream {
  return randomStream(seed, "exercise", property);
}

/**
 * `count` numbers of both signs, none within 0.05 of zero, so that a zero cannot hide a mistake.
 *
 * @example
 * ```ts
 * check.oddNumbers(check.stream(1, "inputs"), 3).length; // 3
 * ```
 */
export function oddNumbers(from: RandomStream, count: number): number[] {
  return Array.from({ length: count }, () => {
    const value = from.normal();
    return value + 0.05 * (value < 0 ? -1 : 1);
  });
}

/**
 * A tensor of odd numbers.
 *
 * @example
 * ```ts
 * check.oddTensor(check.stream(1, "inputs"), [2, 3]).shape; // [2, 3]
 * ```
 */
export function oddTensor(from: RandomStream, shape: readonly number[]): PlainTensor {
  return {
    shape,
    values: oddNumbers(
      from,
      shape.reduce((product, length) => product * length, 1),
    ),
  };
}

/**
 * One item of a list.
 *
 * @example
 * ```ts
 * ["a", "b"].includes(check.oneOf(check.stream(1, "letters"), ["a", "b"])); // true
 * ```
 */
export function oneOf<T>(from: RandomStream, items: readonly T[]): T {
  return items[from.integer(items.length)]!;
}

/**
 * Draws until what is drawn fits, such as a case on which no mistake gives what is right.
 *
 * @param what is sought, for the error: "a batch on which each mistake shows"
 * @throws Error where a thousand draws do not fit: then hardly any ever will
 *
 * @example
 * ```ts
 * const from = check.stream(1, "an even number");
 * check.drawUntil(
 *   () => check.oneOf(from, [1, 2, 3]),
 *   (drawn) => drawn % 2 === 0,
 *   "an even number",
 * ); // 2
 * ```
 */
export function drawUntil<T>(draw: () => T, fits: (drawn: T) => boolean, what: string): T {
  for (let draws = 0; draws < 1000; draws++) {
    const drawn = draw();
    if (fits(drawn)) return drawn;
  }
  throw new Error(
    `1000 draws gave not once ${what}: draw other cases, or leave out the mistake that equals what is right for every one`,
  );
}
