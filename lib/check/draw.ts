// Draws the cases of a property from a seed.
import { randomStream, type RandomStream } from "../random/index.js";
import type { PlainTensor } from "./plain.js";

/** A stream for one property's cases: the same seed and property give the same cases. */
export function stream(seed: number, property: string): RandomStream {
  return randomStream(seed, "exercise", property);
}

/** `count` numbers of both signs, none within 0.05 of zero, so that a zero cannot hide a mistake. */
export function oddNumbers(from: RandomStream, count: number): number[] {
  return Array.from({ length: count }, () => {
    const value = from.normal();
    return value + 0.05 * (value < 0 ? -1 : 1);
  });
}

/** A tensor of odd numbers. */
export function oddTensor(from: RandomStream, shape: readonly number[]): PlainTensor {
  return {
    shape,
    values: oddNumbers(
      from,
      shape.reduce((product, length) => product * length, 1),
    ),
  };
}

/** One item of a list. */
export function oneOf<T>(from: RandomStream, items: readonly T[]): T {
  return items[from.integer(items.length)]!;
}
