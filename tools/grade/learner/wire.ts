// How plain data is written on a line between two processes, and checked when it is read.
import type { check } from "residual";

/** The longest line that is read, in bytes. */
export const LINE_BYTES = 8 << 20;
const DEPTH = 64;

/** Plain data as JSON on one line. @throws TypeError for what is not plain data, or is nested too deeply. */
export function encode(value: unknown): string {
  return JSON.stringify(toJson(value, 0));
}

/** The plain data of a line. @throws Error when it is not JSON, or is nested too deeply. */
export function decode(text: string): check.Plain {
  return fromJson(JSON.parse(text), 0);
}

function toJson(value: unknown, depth: number): unknown {
  if (depth > DEPTH) throw new TypeError(`an answer may be nested at most ${DEPTH} levels deep`);
  if (typeof value === "number" && !Number.isFinite(value)) return { $number: String(value) };
  if (value === null || ["boolean", "number", "string"].includes(typeof value)) return value;
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return Array.from(value as unknown as ArrayLike<unknown>, (item) => toJson(item, depth + 1));
  }
  if (Array.isArray(value)) return value.map((item) => toJson(item, depth + 1));
  if (typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(item, depth + 1)]));
  }
  throw new TypeError(`an answer must be plain data (numbers, text, arrays, objects); got ${typeof value}`);
}

function fromJson(value: unknown, depth: number): check.Plain {
  if (depth > DEPTH) throw new RangeError(`plain data may be nested at most ${DEPTH} levels deep`);
  if (value === null || typeof value !== "object") return value as check.Plain;
  if (Array.isArray(value)) return value.map((item) => fromJson(item, depth + 1));
  const entries = Object.entries(value);
  if (entries.length === 1 && entries[0]![0] === "$number") {
    const name = entries[0]![1] as unknown;
    if (name === "NaN" || name === "Infinity" || name === "-Infinity") return Number(name);
  }
  // A key named __proto__ would change the object instead of becoming part of it wherever it is copied.
  const own = entries.filter(([key]) => key !== "__proto__");
  return Object.fromEntries(own.map(([key, item]) => [key, fromJson(item, depth + 1)]));
}
