// The notebooks' "check yourself": compares a reader's number with a sealed one and says what to look at again.
import { randomStream } from "../random/index.js";
import { onlyKnown } from "../options.js";
import { signed } from "./verdict.js";

/** What helps when an answer is wrong. */
export interface AnswerOptions {
  /** What to look at again, without the answer. */
  readonly hint: string;
}

/** The verdict on one answer. As a cell's last expression it shows its message. */
export interface Verdict {
  readonly state: "open" | "right" | "wrong";
  readonly message: string;
  /** The message, so that a template shows it. */
  toString(): string;
}

/**
 * A right answer by its trace, so that a cell can hold it and a reader cannot read it off: `seal(18)` is `0 ` and a number in hexadecimal.
 * It hides the number from the eye, not from somebody who tries them all.
 *
 * @param tolerance how far off still counts as right, in the answer's own unit; 0 for whole numbers
 * @throws RangeError for a value that is not finite, or a negative tolerance
 *
 * @example
 * ```ts
 * check.seal(42).split(" ")[0]; // "0"
 * ```
 */
export function seal(value: number, tolerance = 0): string {
  if (!Number.isFinite(value) || !(tolerance >= 0)) {
    throw new RangeError(
      `seal() needs a finite number and a tolerance of at least 0; got ${value} and ${tolerance}`,
    );
  }
  return `${tolerance} ${traceOf(tolerance === 0 ? value : Math.round(value / tolerance), tolerance)}`;
}

/** Whether a number is the sealed one: within its tolerance always, beyond twice of it never. */
function opens(given: number, sealed: string): boolean {
  const [tolerance, trace] = [Number(sealed.split(" ")[0]), sealed.split(" ")[1]];
  if (!(tolerance >= 0) || trace === undefined) {
    throw new RangeError(`a sealed answer is what seal() gives, such as "0.01 5eafb042"; got "${sealed}"`);
  }
  if (tolerance === 0) return traceOf(given, 0) === trace;
  const step = Math.round(given / tolerance);
  return [step - 1, step, step + 1].some((near) => traceOf(near, tolerance) === trace);
}

function traceOf(value: number, tolerance: number): string {
  // -0 is 0 here.
  const stream = randomStream(0, "seal", tolerance, value + 0);
  return stream
    .integer(2 ** 32)
    .toString(16)
    .padStart(8, "0");
}

/**
 * Judges a number that a reader worked out. `undefined` is a question still open, not a wrong answer.
 *
 * @param sealed the right answer, by `seal`
 * @throws RangeError where `sealed` is not what `seal` gives
 *
 * @example
 * ```ts
 * const sealed = check.seal(1.7, 0.05);
 * check.answer(1.72, sealed, { hint: "How many parameters has a layer?" }).state; // "right"
 * ```
 */
export function answer(given: number | undefined, sealed: string, options: AnswerOptions): Verdict {
  onlyKnown("answer", options, ["hint"], ["hint"]);
  const { hint } = options;
  if (given === undefined) {
    return verdict(
      "open",
      "Not answered yet: put your number in place of `undefined` and run the cell again.",
    );
  }
  if (typeof given !== "number" || !Number.isFinite(given)) {
    return verdict("wrong", `Not a finite number: ${String(given)}.`);
  }
  return opens(given, sealed)
    ? verdict("right", `Right: ${given}.`)
    : verdict("wrong", `Not ${given}. ${hint}`);
}

function verdict(state: Verdict["state"], message: string): Verdict {
  return {
    state,
    message,
    toString: () => message,
    // The kernel shows what this method gives.
    [Symbol.for("Jupyter.display")]: () => ({
      "text/plain": message,
      ...(state === "open" ? {} : { "text/html": signed(state === "right", message) }),
    }),
  };
}
