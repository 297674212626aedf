// Compares an output with what was expected, and recognises known mistakes by the values they give.
import { isPlainTensor, numbersIn, type Plain, type PlainTensor } from "./plain.js";
import { numberWithin, onlyKnown } from "../options.js";
import { notWritten, type Difference, type Finding, type Output } from "./question.js";
import { float32, largest } from "./rounding.js";
import { digitsApart, show } from "./show.js";

/** A known wrong answer: what it would have given on this input. */
export interface Slip {
  /** Its name, such as `forgets-the-shortcut`. */
  readonly mistake: string;
  /** The mistake in words that teach. */
  readonly message: string;
  /** What the mistake gives on this input. */
  readonly gives: () => Plain;
}

/** How an output is compared. */
export interface CompareOptions {
  /**
   * How far off a number may be, in its own unit: see `float32`. Default: 16 roundings of the largest number expected, of at least 1, but
   * where all are whole numbers at most 1/4, so that a count is not taken for the next one.
   */
  readonly within?: number;
  /** The one field of the output that is compared; the whole output unless said. */
  readonly part?: string;
  /** Mistakes to recognise, the likeliest first. */
  readonly slips?: readonly Slip[];
  /** What the output is, without a verb: "wrong numbers in ...". Default: `the result`. */
  readonly what?: string;
}

/**
 * Undefined for an output that equals `expected`, else why not: the first slip that gives the same, or the general mistake: `not-written`,
 * `throws`, `changes-its-input`, `wrong-kind`, `wrong-shape`, `not-finite`, `imprecise` or `wrong-values`. A slip counts only where it gives
 * clearly another value than the right one: rounding is no evidence for it.
 *
 * @example
 * ```ts
 * check.compare({ value: 1 }, 1); // undefined
 * ```
 */
export function compare(output: Output, expected: Plain, options: CompareOptions = {}): Finding | undefined {
  onlyKnown("compare", options, ["within", "part", "slips", "what"]);
  const within = withinOf(options.within, expected);
  const { slips = [], part, what = part ?? "the result" } = options;
  if ("error" in output) return thrown(output.error);
  const value = part === undefined ? output.value : fieldOf(output.value, part);
  if (agree(value, expected, within)) return undefined;
  const detail = difference(value, expected, within);
  for (const { mistake, message, gives } of slips) {
    const given = gives();
    if (agree(value, given, within) && !agree(given, expected, 2 * within)) {
      return { mistake, message, detail };
    }
  }
  return { ...general(value, expected, what), detail };
}

function fieldOf(value: Plain, name: string): Plain {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return null;
  return (value as Record<string, Plain>)[name]!;
}

/** How far off a number may be: what is said, or what is usual. */
export function withinOf(said: number | undefined, expected: Plain): number {
  return said === undefined ? usualRounding(expected) : numberWithin("compare: within", said, 0, Infinity);
}

/** What float32 leaves of a number that takes a few operations. */
function usualRounding(expected: Plain): number {
  const rounding = float32(16, Math.max(1, largest(expected)));
  return numbersIn(expected).every(Number.isInteger) ? Math.min(rounding, 1 / 4) : rounding;
}

/** An answer that throws; one that changed its input is told so by `given`, and so by the error's name. */
function thrown({ name, message }: { readonly name: string; readonly message: string }): Finding {
  if (name === "ChangedInput") return { mistake: "changes-its-input", message: message.slice(0, 500) };
  if (message.startsWith("not written yet")) return { mistake: notWritten, message: "it is not written yet" };
  return { mistake: "throws", message: `it threw ${name}: ${message.slice(0, 500)}` };
}

/** The mistake that can be told without knowing the exercise. */
function general(value: Plain, expected: Plain, what: string): Finding {
  if (kindOf(value) !== kindOf(expected)) {
    return {
      mistake: "wrong-kind",
      message: `${what} should be ${kindOf(expected)}; the answer gives ${kindOf(value)}`,
    };
  }
  const [got, wanted] = [shapeOf(value), shapeOf(expected)];
  if (got !== wanted) {
    return { mistake: "wrong-shape", message: `${what}: ${got} in place of ${wanted}` };
  }
  const numbers = numbersIn(value);
  if (numbersIn(expected).every(Number.isFinite) && !numbers.every(Number.isFinite)) {
    return { mistake: "not-finite", message: `NaN or infinity in ${what}` };
  }
  // Right to three digits: a formula that is wrong is seldom so close.
  if (agree(value, expected, 1e-3 * largest(expected))) {
    return {
      mistake: "imprecise",
      message: `${what}: right to some digits, but further off than float32 rounds. Is something rounded, cut short, or a small constant missing or too much?`,
    };
  }
  return { mistake: "wrong-values", message: `wrong numbers in ${what}` };
}

/**
 * Whether two values agree: numbers to `within`, everything else exactly.
 *
 * @example
 * ```ts
 * const [a, b] = [
 *   [1, 2],
 *   [1, 2.001],
 * ].map((values) => ({ shape: [2], values }));
 * check.agree(a, b, 0.01); // true
 * check.agree(a, b, 0.0001); // false
 * ```
 */
export function agree(a: Plain, b: Plain, within: number): boolean {
  if (typeof a === "number" && typeof b === "number") return Object.is(a, b) || Math.abs(a - b) <= within;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [a, b].map((value) => Object.entries(value as Record<string, Plain>));
  if (left!.length !== right!.length) return false;
  return left!.every(
    ([key, value]) => Object.hasOwn(b, key) && agree(value, (b as Record<string, Plain>)[key]!, within),
  );
}

function kindOf(value: Plain): string {
  if (isPlainTensor(value)) return "a tensor";
  if (Array.isArray(value)) return "a list";
  return value === null ? "nothing" : typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** The form of a tensor or a list in words, or nothing for what has none. */
function shapeOf(value: Plain): string {
  if (isPlainTensor(value)) return `shape [${value.shape.join(", ")}]`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return "";
}

/** What came and what was expected, with digits enough to see the first difference, and where that is. */
function difference(value: Plain, expected: Plain, within: number): Difference {
  const apart = numbersApart(value, expected, within);
  const [first] = apart;
  const digits = first ? digitsApart(first.got, first.wanted) : undefined;
  const both = { got: show(value, digits), expected: show(expected, digits) };
  if (!first || !isPlainTensor(value) || !isPlainTensor(expected)) return both;
  const at = placeOf(first.index, expected).join(", ");
  const where = `${apart.length} of ${expected.values.length} numbers differ, the first at [${at}]: got ${show(first.got, digits)}, expected ${show(first.wanted, digits)}`;
  return { ...both, where };
}

/** The numbers that differ, in the order in which they stand, of two values of one form; none where the forms differ. */
function numbersApart(
  value: Plain,
  expected: Plain,
  within: number,
): readonly { readonly index: number; readonly got: number; readonly wanted: number }[] {
  if (isPlainTensor(value) && isPlainTensor(expected)) {
    if (value.shape.join() !== expected.shape.join()) return [];
    return numbersApart(value.values, expected.values, within);
  }
  const [got, wanted] = [numbersIn(value), numbersIn(expected)];
  if (got.length !== wanted.length) return [];
  return wanted.flatMap((number, index) =>
    agree(got[index]!, number, within) ? [] : [{ index, got: got[index]!, wanted: number }],
  );
}

function placeOf(index: number, { shape }: PlainTensor): number[] {
  let rest = index;
  return shape
    .toReversed()
    .map((length) => {
      const place = rest % length;
      rest = Math.floor(rest / length);
      return place;
    })
    .toReversed();
}
