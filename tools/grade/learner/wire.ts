// How plain data is written on a line between two processes, and checked when it is read.
import type { check } from "residual";

/** The longest line that is read, in bytes. */
export const LINE_BYTES = 8 << 20;
/** How deep an answer may be nested. */
const DEPTH = 64;
/** How deep a message of the grader's own may be, which may hold an answer. */
export const MESSAGE_DEPTH = DEPTH + 8;

/** Plain data as JSON on one line. @throws TypeError for what is not plain data, or is nested too deeply. */
export function encode(value: unknown, depth = DEPTH): string {
  return written(value, depth);
}

/** The plain data of a line. @throws Error when it is not JSON, or is nested too deeply. */
export function decode(text: string, depth = DEPTH): check.Plain {
  return fromJson(JSON.parse(text), depth);
}

/** Written here and not by `JSON.stringify`, which would ask an object, or what it inherits from, for another value to write. */
function written(value: unknown, depth: number): string {
  if (depth < 0) throw new TypeError(`an answer may be nested at most ${DEPTH} levels deep`);
  if (typeof value === "number") return Number.isFinite(value) ? `${value}` : `{"$number":"${value}"}`;
  if (value === null || typeof value === "boolean") return `${value}`;
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object")
    throw new TypeError(`an answer must be plain data (numbers, text, arrays, objects); got ${typeof value}`);
  if (Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))) {
    const items: string[] = [];
    const list = value as ArrayLike<unknown>;
    for (let index = 0; index < list.length; index++)
      items.push(index in list ? written(list[index], depth - 1) : "null");
    return `[${items.join(",")}]`;
  }
  const entries = Object.entries(value).map(
    ([key, item]) => `${JSON.stringify(key)}:${written(item, depth - 1)}`,
  );
  return `{${entries.join(",")}}`;
}

function fromJson(value: unknown, depth: number): check.Plain {
  if (depth < 0) throw new RangeError(`plain data may be nested at most ${DEPTH} levels deep`);
  if (value === null || typeof value !== "object") return value as check.Plain;
  if (Array.isArray(value)) return value.map((item) => fromJson(item, depth - 1));
  const entries = Object.entries(value);
  if (entries.length === 1 && entries[0]![0] === "$number") {
    const name = entries[0]![1] as unknown;
    if (name === "NaN" || name === "Infinity" || name === "-Infinity") return Number(name);
  }
  // A key named __proto__ would change the object instead of becoming part of it wherever it is copied.
  const own = entries.filter(([key]) => key !== "__proto__");
  return Object.fromEntries(own.map(([key, item]) => [key, fromJson(item, depth - 1)]));
}
