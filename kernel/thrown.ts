// What a cell has thrown, read without harm: anything may be thrown, and an error's own fields may be anything or throw themselves.
import { inspect } from "node:util";
import { isNativeError } from "node:util/types";

/** What reading gives, or `otherwise` where it throws, as a getter, a Proxy's trap or a revoked Proxy may. */
export function read<T, U = T>(reading: () => T, otherwise: U): T | U {
  try {
    return reading();
  } catch {
    return otherwise;
  }
}

/** Also an Error of another realm, such as a worker's or a test runner's. */
export const isError = (value: unknown): value is Error =>
  read(() => value instanceof Error || isNativeError(value), false);

/** A value as Node's console shows it, also where that fails. */
export const shown = (value: unknown): string => read(() => inspect(value), "<a value that cannot be shown>");

const asText = (value: unknown): string => String(value);

/** An error's name, which Jupyter's messages must have as a string. */
export function nameOf(error: Error): string {
  const name = read<unknown>(() => error.name, undefined);
  return name === undefined ? "Error" : read(() => asText(name), "Error");
}

/** An error's message as a string, whatever it is. */
export const messageOf = (error: Error): string =>
  read(() => asText(error.message), "<a message that cannot be read>");

/** An error as Node's console shows it; where that fails, as over a name that is a symbol, by its name, its message and its frames. */
export function errorText(error: Error): string {
  const text = read(() => inspect(error), undefined);
  if (text !== undefined) return text;
  const stack = read<unknown>(() => error.stack, undefined);
  const frames = typeof stack === "string" ? stack.split("\n").filter((line) => /^ +at /.test(line)) : [];
  return [`${nameOf(error)}: ${messageOf(error)}`, ...frames].join("\n");
}
