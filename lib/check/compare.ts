// Compares an output with what was expected, and recognises known mistakes by the values they give.
import { isPlainTensor, type Plain, type PlainTensor } from "./plain.js";
import type { Finding, Output } from "./question.js";

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
  /** How far off a number may be, relative to the larger of 1 and the expected number. Default: 1e-4, what float32 leaves. */
  readonly tolerance?: number;
  /** Mistakes to recognise, the likeliest first. */
  readonly slips?: readonly Slip[];
  /** What the output is, to begin a sentence with. Default: `the result`. */
  readonly what?: string;
}

/**
 * Undefined for an output that equals `expected`, else why not: the first slip that gives the same, or the general mistake: `throws`,
 * `wrong-kind`, `wrong-shape`, `not-finite` or `wrong-values`. A slip that equals the expected value on this input is no slip here.
 */
export function compare(output: Output, expected: Plain, options: CompareOptions = {}): Finding | undefined {
  const { tolerance = 1e-4, slips = [], what = "the result" } = options;
  if ("error" in output) {
    const { name, message } = output.error;
    return { mistake: "throws", message: `it threw ${name}: ${message.slice(0, 500)}` };
  }
  const { value } = output;
  if (agree(value, expected, tolerance)) return undefined;
  const detail = `got ${show(value)}; expected ${show(expected)}${difference(value, expected, tolerance)}`;
  for (const { mistake, message, gives } of slips) {
    if (agree(value, gives(), tolerance)) return { mistake, message, detail };
  }
  return { ...general(value, expected, what), detail };
}

/** The mistake that can be told without knowing the exercise. */
function general(value: Plain, expected: Plain, what: string): Finding {
  if (kindOf(value) !== kindOf(expected)) {
    return {
      mistake: "wrong-kind",
      message: `${what} should be ${kindOf(expected)}; it is ${kindOf(value)}`,
    };
  }
  if (isPlainTensor(expected) && isPlainTensor(value) && value.shape.join() !== expected.shape.join()) {
    const [got, wanted] = [value, expected].map(({ shape }) => `[${shape.join(", ")}]`);
    return { mistake: "wrong-shape", message: `${what} has the shape ${got!}; it should have ${wanted!}` };
  }
  if (numbersIn(value).some((number) => !Number.isFinite(number))) {
    return { mistake: "not-finite", message: `${what} holds NaN or infinity` };
  }
  return { mistake: "wrong-values", message: `${what} is not right` };
}

/** Whether two values agree: numbers to the tolerance, everything else exactly. */
export function agree(a: Plain, b: Plain, tolerance: number): boolean {
  if (typeof a === "number" && typeof b === "number") {
    return Object.is(a, b) || Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b));
  }
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [a, b].map((value) => Object.entries(value as Record<string, Plain>));
  if (left!.length !== right!.length) return false;
  return left!.every(
    ([key, value]) => Object.hasOwn(b, key) && agree(value, (b as Record<string, Plain>)[key]!, tolerance),
  );
}

function kindOf(value: Plain): string {
  if (isPlainTensor(value)) return "a tensor";
  if (Array.isArray(value)) return "a list";
  return value === null ? "nothing" : typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function numbersIn(value: Plain): readonly number[] {
  if (typeof value === "number") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value as Record<string, Plain>).flatMap(numbersIn);
}

/** A value as a person reads it, cut to a line. */
export function show(value: Plain): string {
  if (isPlainTensor(value)) return `${list(value.values)} of shape [${value.shape.join(", ")}]`;
  if (typeof value === "number") return number(value);
  if (Array.isArray(value)) return list(value as readonly Plain[]);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return Object.entries(value)
    .map(([key, inner]) => `${key} = ${show(inner)}`)
    .join(", ");
}

const number = (value: number): string =>
  String(Number.isInteger(value) ? value : Number(value.toPrecision(4)));

function list(values: readonly Plain[]): string {
  const shown = values.slice(0, 8).map(show).join(", ");
  return `[${shown}${values.length > 8 ? `, ... ${values.length} in all` : ""}]`;
}

/** Where two tensors of one shape differ first. */
function difference(value: Plain, expected: Plain, tolerance: number): string {
  if (!isPlainTensor(value) || !isPlainTensor(expected)) return "";
  if (value.shape.join() !== expected.shape.join()) return "";
  const wrong = expected.values.flatMap((wanted, i) =>
    agree(value.values[i]!, wanted, tolerance) ? [] : [i],
  );
  const first = wrong[0];
  if (first === undefined) return "";
  const at = placeOf(first, expected).join(", ");
  return `; ${wrong.length} of ${expected.values.length} numbers differ, the first at [${at}]: got ${number(value.values[first]!)}, expected ${number(expected.values[first]!)}`;
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
