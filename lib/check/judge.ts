// Two judges that most exercises need: one that knows the answer to any input, and one for examples worked by hand.
import { agree, compare, type CompareOptions } from "./compare.js";
import type { Plain } from "./plain.js";
import type { CaseProperty } from "./question.js";

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
export type JudgeOptions = Omit<CompareOptions, "slips">;

/**
 * Judges by what is right for the input, and names the first mistake that gives the same as the output.
 *
 * @param right computes what is right by code that no learner calls
 */
export function judgeBy<Case>(
  right: (input: Case) => Plain,
  mistakes: readonly Mistake<Case>[],
  options: JudgeOptions = {},
): CaseProperty["judge"] {
  return (input, output) =>
    compare(output, right(input as Case), {
      ...options,
      slips: mistakes.map(({ gives, ...slip }) => ({ ...slip, gives: () => gives(input as Case) })),
    });
}

/** An example worked by hand. */
export interface Example {
  readonly input: Plain;
  readonly right: Plain;
  /** What known mistakes give for it. */
  readonly slips?: readonly { readonly mistake: string; readonly message: string; readonly gives: Plain }[];
}

/**
 * The cases of examples worked by hand, and their judge. It holds no rule that a learner could read off, so public checks can use it.
 */
export function worked(
  examples: readonly Example[],
  options: JudgeOptions = {},
): Pick<CaseProperty, "cases" | "judge"> {
  return {
    cases: () => examples.map(({ input }) => input),
    judge(input, output) {
      const example = examples.find((candidate) => agree(candidate.input, input, 0));
      if (!example) throw new RangeError("a worked example's judge can judge no other input");
      const { right, slips = [] } = example;
      return compare(output, right, {
        ...options,
        slips: slips.map(({ gives, ...slip }) => ({ ...slip, gives: () => gives })),
      });
    },
  };
}
