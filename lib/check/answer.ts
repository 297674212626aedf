// The notebooks' "check yourself": compares a reader's number with the right one and says what to look at again.

/** How an answer is judged, and what helps when it is wrong. */
export interface AnswerOptions {
  /** How far off still counts as right, in the answer's own unit; 0 for whole numbers. */
  readonly tolerance?: number;
  /** What to look at again, without the answer. */
  readonly hint: string;
}

/** The verdict on one answer. As a cell's last expression it shows its message. */
export interface Verdict {
  readonly state: "open" | "right" | "wrong";
  readonly message: string;
  /** The message. */
  toString(): string;
}

/**
 * Judges a number that a reader worked out. `undefined` is a question still open, not a wrong answer.
 *
 * @param expected computes the right answer, from the library where it can.
 */
export function answer(given: number | undefined, expected: () => number, options: AnswerOptions): Verdict {
  const { tolerance = 0, hint } = options;
  if (given === undefined) {
    return verdict(
      "open",
      "Not answered yet: put your number in place of `undefined` and run the cell again.",
    );
  }
  if (typeof given !== "number" || !Number.isFinite(given)) {
    return verdict("wrong", `Not a finite number: ${String(given)}.`);
  }
  if (Math.abs(given - expected()) <= tolerance) return verdict("right", `Right: ${given}.`);
  return verdict("wrong", `Not ${given}. ${hint}`);
}

function verdict(state: Verdict["state"], message: string): Verdict {
  return {
    state,
    message,
    toString: () => message,
    // The kernel shows what this method gives.
    [Symbol.for("Jupyter.display")]: () => ({ "text/plain": message }),
  };
}
