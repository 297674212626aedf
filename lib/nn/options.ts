// Checks the options of a network. They may come from a downloaded file, so types are checked and sizes are bounded.

/** The value, if it is one of the choices. */
export function oneOf<T extends string | number>(option: string, value: unknown, choices: readonly T[]): T {
  const choice = choices.find((candidate) => candidate === value);
  if (choice === undefined) {
    throw new RangeError(`${option} must be one of ${choices.join(", ")}; got ${shown(value)}`);
  }
  return choice;
}

/** The value, if it is an integer within the bounds. */
export function integerWithin(option: string, value: unknown, least: number, most: number): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(`${option} must be an integer from ${least} to ${most}; got ${shown(value)}`);
  }
  return value;
}

/** The value, if it is a finite number within the bounds. */
export function numberWithin(option: string, value: unknown, least: number, most: number): number {
  if (typeof value !== "number" || !(value >= least && value <= most)) {
    throw new RangeError(`${option} must be a number from ${least} to ${most}; got ${shown(value)}`);
  }
  return value;
}

/** The value, if it is a list of `length` integers within the bounds. */
export function integersWithin(
  option: string,
  value: unknown,
  length: number,
  least: number,
  most: number,
): readonly number[] {
  if (!Array.isArray(value) || value.length !== length) {
    throw new RangeError(`${option} must be a list of ${length} integers; got ${shown(value)}`);
  }
  return value.map((item, index) => integerWithin(`${option}[${index}]`, item, least, most));
}

/** [H, W, C], if the value is an image's shape. */
export function imageShape(value: unknown): readonly [number, number, number] {
  const [height, width, channels] = integersWithin("inputShape", value, 3, 1, 4096);
  return [height!, width!, channels!];
}

/** The value, if it is a seed. */
export function seedOf(value: unknown): number {
  return integerWithin("seed", value, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
}

export { onlyKnown } from "../known-options.js";

/** A value in a message, cut where it is long. */
export function shown(value: unknown): string {
  if (typeof value === "number" || value === undefined) return String(value);
  const text = (JSON.stringify(value) as string | undefined) ?? typeof value;
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
