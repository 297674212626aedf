// Checks the options of a network. They may come from a downloaded file, so types are checked and sizes are bounded.
import { integersWithin, seedWithin } from "../options.js";

export { finite, integersWithin, integerWithin, numberWithin, oneOf, onlyKnown, shown } from "../options.js";

/** [H, W, C], if the value is an image's shape. */
export function imageShape(value: unknown): readonly [number, number, number] {
  const [height, width, channels] = integersWithin("inputShape", value, 3, 1, 4096);
  return [height!, width!, channels!];
}

/** The value, if it is a seed. */
export function seedOf(value: unknown): number {
  return seedWithin("seed", value);
}
