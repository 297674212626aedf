// Two judges that most exercises need: one that knows the answer to any input, and one for examples whose answers are known.
import { agree, compare, type CompareOptions } from "./compare.js";
import { numberWithin, onlyKnown } from "../options.js";
import type { Plain } from "./plain.js";
import type { CaseProperty, Example } from "./question.js";

/** A known wrong answer, to any input. */
export interface Mistake<Case> {
  /** Its name, such as `forgets-the-shortcut`. */
  readonly mistake: string;
  /** The mistake in words that teach. */
  readonly message: string;
  /** What the mistake gives on an input. */
  readonly gives: (input: Case) => Plain;
}

/** How outputs are compared. */
export interface JudgeOptions<Case> extends Pick<CompareOptions, "what" | "part"> {
  /** How far off a number may be, in its own unit, by the arithmetic that an input takes: see `float32`. */
  readonly within?: number | ((input: Case) => number);
}

/**
 * Judges by what is right for the input, and names the first mistake that gives the same as the output. It can be published: the notebook
 * then checks the same property with public numbers.
 *
 * @param right computes what is right by code that no learner calls
 *
 * @example
 * ```ts
 * const { judge } = check.judgeBy((input) => 2 * input, []);
 * await judge(3, { value: 6 }); // undefined
 * ```
 */
export function judgeBy<Case>(
  right: (input: Case) => Plain,
  mistakes: readonly Mistake<Case>[],
  options: JudgeOptions<Case> = {},
): Required<Pick<CaseProperty, "judge" | "publish">> {
  onlyKnown("judgeBy", options, ["within", "what", "part"]);
  const { within, ...words } = options;
  const rightOnce = once(right);
  const withinOnce = typeof within === "function" ? once(within) : () => within;
  const slips = mistakes.map(({ gives, ...slip }) => ({ ...slip, gives: once(gives) }));
  const compared = (input: Case): Omit<CompareOptions, "slips"> => {
    const bound = withinOnce(input);
    return { ...words, ...(bound === undefined ? {} : { within: bound }) };
  };
  return {
    judge: (input, output) =>
      compare(output, rightOnce(input as Case), {
        ...compared(input as Case),
        slips: slips.map(({ gives, ...slip }) => ({ ...slip, gives: () => gives(input as Case) })),
      }),
    publish: (input) => ({
      input,
      right: rightOnce(input as Case),
      ...compared(input as Case),
      slips: slips.map(({ gives, ...slip }) => ({ ...slip, gives: gives(input as Case) })),
    }),
  };
}

/** The same function, which computes once for each object that it is given: the same case may judge many answers. */
function once<Case, Result>(compute: (input: Case) => Result): (input: Case) => Result {
  const known = new WeakMap<object, Result>();
  return (input) => {
    if (typeof input !== "object" || input === null) return compute(input);
    if (!known.has(input)) known.set(input, compute(input));
    return known.get(input)!;
  };
}

/**
 * The cases of examples worked by hand, and their judge. It holds no rule that a learner could read off, so public checks can use it.
 *
 * @param options for the examples that do not say themselves
 *
 * @example
 * ```ts
 * check.worked([{ input: 3, right: 6 }]).cases(1); // [3]
 * ```
 */
export function worked(
  examples: readonly Example[],
  options: Omit<CompareOptions, "slips"> = {},
): Pick<CaseProperty, "cases" | "judge"> {
  onlyKnown("worked", options, ["within", "what", "part"]);
  if (options.within !== undefined) numberWithin("worked: within", options.within, 0, Infinity);
  const known = examples.map(({ input, right, slips = [], ...own }) => ({
    input,
    right,
    compared: {
      ...options,
      ...own,
      slips: slips.map(({ gives, ...slip }) => ({ ...slip, gives: () => gives })),
    },
  }));
  return {
    cases: () => known.map(({ input }) => input),
    judge(input, output) {
      const example = known.find((candidate) => agree(candidate.input, input, 0));
      if (!example) throw new RangeError("a worked example's judge can judge no other input");
      return compare(output, example.right, example.compared);
    },
  };
}
