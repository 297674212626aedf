// The first place where two JSON values differ, in words.
import { parseExactly, stringifyExactly } from "../files/exact-json.js";

/** Where two values differ, and what each holds there; `undefined` where one holds nothing. */
export interface Difference {
  /** Dotted, such as `optimizer.momentum`; empty where the values themselves differ. */
  readonly place: string;
  readonly first: unknown;
  readonly second: unknown;
}

/** The first difference of two JSON values, or undefined. Keys have no order; lists do. */
export function firstDifference(first: unknown, second: unknown, place = ""): Difference | undefined {
  if (!isObject(first) || !isObject(second) || Array.isArray(first) !== Array.isArray(second)) {
    return Object.is(first, second) ? undefined : { place, first, second };
  }
  for (const key of new Set([...Object.keys(first), ...Object.keys(second)])) {
    const found = firstDifference(own(first, key), own(second, key), place === "" ? key : `${place}.${key}`);
    if (found) return found;
  }
  return undefined;
}

/** A value as a file keeps it: without what is undefined, and detached from the original. */
export function asJson(value: unknown): unknown {
  return parseExactly(stringifyExactly(value));
}

/** A JSON value for a message, of bounded length. */
export function inWords(value: unknown): string {
  const text =
    value === undefined ? "nothing" : typeof value === "number" ? String(value) : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** True for objects and lists. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function own(object: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
