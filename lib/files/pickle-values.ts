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

/** Something that only Python knows: a global, or an object of it, of which nothing is kept but this name. */
export class PickleUnknown {
  readonly #words: readonly string[];

  /** Under a global's module and name; they stay apart, because a file can name a long text many times. */
  constructor(...words: readonly string[]) {
    this.#words = words;
  }

  /** `argparse.Namespace`. */
  get name(): string {
    return this.#words.join(".");
  }
}

/**
 * Gives a dictionary one entry.
 * @throws what `refuse` makes of a key that Python could not hash, or that is there already.
 */
export function setItem(target: Map<unknown, unknown>, key: unknown, value: unknown, refuse: Refuse): void {
  if (Array.isArray(key) || key instanceof Map) throw refuse(`a key must not be ${kindOf(key)}`);
  if (target.has(key)) throw refuse(`a dictionary holds the key ${shown(key)} twice`);
  target.set(key, value);
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
