// Checks the options of functions. A misspelt option would be left out in silence, and a misspelt value would choose another behaviour.
import { nearest } from "./nearest.js";

/**
 * Refuses what is no object of options, an option that the function does not have, and the lack of one that it needs. Each public function
 * that takes options begins with this.
 *
 * @param what the function's name
 * @param known every option
 * @param needed those without which it cannot be called
 * @throws TypeError where the options are no object; RangeError naming what is unknown, with the nearest known name, or what is missing.
 */
export function onlyKnown(
  what: string,
  options: object | undefined,
  known: readonly string[],
  needed: readonly string[] = [],
): void {
  const given: unknown = options; // JavaScript may pass anything
  const has = known.length === 0 ? "no options" : `the options ${known.join(", ")}`;
  // A list, a map or a set has no options of its own and would pass for {}.
  if (typeof given !== "object" || given === null || Symbol.iterator in given) {
    const without = needed.length === 0 ? "" : `; ${needed.join(", ")} must be given`;
    throw new TypeError(`${what} has ${has}, to be given as an object${without}; got ${shown(given)}`);
  }
  const unknown = Object.keys(given).filter((option) => !known.includes(option));
  if (unknown.length > 0) {
    const meant = nearest(unknown[0]!, known);
    throw new RangeError(
      `${what} has ${has}; got ${unknown.map((option) => JSON.stringify(option)).join(", ")}` +
        (meant === undefined ? "" : `: is ${meant} meant?`),
    );
  }
  const missing = needed.filter((option) => (given as Record<string, unknown>)[option] === undefined);
  if (missing.length > 0) {
    const got = Object.keys(given).filter((option) => !missing.includes(option));
    throw new RangeError(
      `${what} needs the options ${needed.join(", ")}; got ${got.join(", ") || "none"}: give ${missing.join(", ")}`,
    );
  }
}

/** The value, if it is one of the choices. */
export function oneOf<T extends string | number>(option: string, value: unknown, choices: readonly T[]): T {
  const choice = choices.find((candidate) => candidate === value);
  if (choice === undefined) {
    throw new RangeError(`${option} must be one of ${choices.join(", ")}; got ${shown(value)}`);
  }
  return choice;
}

/** The value, if it is a finite number. */
export function finite(option: string, value: unknown): number {
  if (typeof value !== "number" || !Number.isFinite(value)) {
    throw new RangeError(`${option} must be a finite number; got ${shown(value)}`);
  }
  return value;
}

/** The value, if it is a finite number above 0. */
export function aboveZero(option: string, value: unknown): number {
  if (typeof value !== "number" || !(value > 0 && value < Infinity)) {
    throw new RangeError(`${option} must be a finite number above 0; got ${shown(value)}`);
  }
  return value;
}

/** The value, if it is an integer within the bounds. */
export function integerWithin(option: string, value: unknown, least: number, most: number): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(`${option} must be an integer from ${least} to ${most}; got ${shown(value)}`);
  }
  return value;
}

/** The value, if it is a seed: any integer. */
export function seedWithin(option: string, value: unknown): number {
  return integerWithin(option, value, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
}

/** The value, if it is a number within the bounds, which are part of it. */
export function numberWithin(option: string, value: unknown, least: number, most: number): number {
  if (typeof value !== "number" || !(value >= least && value <= most)) {
    const bounds =
      most === Infinity ? (least === -Infinity ? "" : ` of at least ${least}`) : ` from ${least} to ${most}`;
    throw new RangeError(`${option} must be a number${bounds}; got ${shown(value)}`);
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

/** What a value is, for an error where the value may be as large as a data set: an object's fields, not their contents. */
export function kindOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return shown(value);
  const fields = Object.keys(value).slice(0, 6);
  return fields.length === 0 ? "an object without fields" : `an object with ${fields.join(", ")}`;
}

/** A value in a message, cut where it is long. */
export function shown(value: unknown): string {
  if (typeof value === "function") return "function";
  if (typeof value !== "string" && (typeof value !== "object" || value === null)) return String(value);
  let text: string;
  try {
    text = JSON.stringify(value);
  } catch {
    text = "an object that holds itself, or a bigint";
  }
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
