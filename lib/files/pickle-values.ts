// What the reader of pickles makes of them: functions that it may call, tuples, and words for all that only Python knows.
import { quote } from "./quote.js";

/** Makes an error of a reason. */
export type Refuse = (reason: string) => Error;

/** What REDUCE may call: it gets the items of its argument tuple, and `refuse` to say what is wrong with them. */
export class PickleFunction {
  /** A function, of the values that the pickle gives it. */
  constructor(readonly call: (args: readonly unknown[], refuse: Refuse) => unknown) {}
}

/** A tuple; lists are arrays, dictionaries Maps. */
export class PickleTuple {
  /** Of these items. */
  constructor(readonly items: readonly unknown[]) {}
}

/** Something that only Python knows: a global, or an object of it. Of the object nothing is kept but this name. */
export class PickleUnknown {
  /** Under a global's name, `argparse.Namespace`. */
  constructor(readonly name: string) {}
}

/** What a value is, for messages: never the value itself, which may be deep. */
export function kindOf(value: unknown): string {
  if (value === null) return "None";
  if (Array.isArray(value)) return "a list";
  if (value instanceof PickleTuple) return "a tuple";
  if (value instanceof Map) return "a dictionary";
  if (value instanceof PickleFunction) return "a function";
  if (value instanceof PickleUnknown) return `something of ${quote(value.name)}`;
  return typeof value === "object" || value === undefined ? "an object" : `a ${typeof value}`;
}

/** A value of a pickle on one line: words and numbers themselves, of others only the kind. */
export function shown(value: unknown): string {
  if (typeof value === "string") return quote(value);
  return typeof value === "number" || typeof value === "bigint" ? value.toString() : kindOf(value);
}
