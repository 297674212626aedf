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

/**
 * Draws until what is drawn fits, such as a case on which no mistake gives what is right.
 *
 * @param what is sought, for the error: "a batch on which each mistake shows"
 * @throws Error where a thousand draws do not fit: then hardly any ever will
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
