// Two judges that most exercises need: one that knows the answer to any input, and one for examples worked by hand.
import type { RandomStream } from "../random/index.js";
import { agree, compare, type CompareOptions, type Slip } from "./compare.js";
import { stream } from "./draw.js";
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
export interface JudgeOptions extends Omit<CompareOptions, "slips"> {
  /** What is said of a mistake, by its name: an exercise's one table of them, which its public and its hidden cases share. */
  readonly words?: Readonly<Record<string, string>>;
}

/**
 * Judges by what is right for the input, and names the first mistake that gives the same as the output.
 *
 * @param right computes what is right by code that no learner calls
 * @param mistakes a list; or only what each gives, by its name, with the words in the options
 */
export function judgeBy<Case>(
  right: (input: Case) => Plain,
  mistakes: readonly Mistake<Case>[] | Readonly<Record<string, Mistake<Case>["gives"]>>,
  { words = {}, ...options }: JudgeOptions = {},
): CaseProperty["judge"] {
  const listed = isList(mistakes)
    ? mistakes
    : Object.entries(mistakes).map(([mistake, gives]) => ({ mistake, message: said(words, mistake), gives }));
  return (input, output) =>
    compare(output, right(input as Case), {
      ...options,
      slips: listed.map(({ gives, ...slip }) => ({ ...slip, gives: () => gives(input as Case) })),
    });
}

/** An example worked by hand. */
export interface Example {
  readonly input: Plain;
  readonly right: Plain;
  /** What known mistakes give for it: a list; or by their names, with the words in the options. */
  readonly slips?:
    | readonly { readonly mistake: string; readonly message: string; readonly gives: Plain }[]
    | Readonly<Record<string, Plain>>;
}

/**
 * The cases of examples worked by hand, and their judge. It holds no rule that a learner could read off, so public checks can use it.
 */
export function worked(
  examples: readonly Example[],
  { words = {}, ...options }: JudgeOptions = {},
): Pick<CaseProperty, "cases" | "judge"> {
  const slipsOf = ({ slips = [] }: Example): readonly Slip[] =>
    isList(slips)
      ? slips.map(({ gives, ...slip }) => ({ ...slip, gives: () => gives }))
      : Object.entries(slips).map(([mistake, gives]) => ({
          mistake,
          message: said(words, mistake),
          gives: () => gives,
        }));
  return {
    cases: () => examples.map(({ input }) => input),
    judge(input, output) {
      const example = examples.find((candidate) => agree(candidate.input, input, 0));
      if (!example) throw new RangeError("a worked example's judge can judge no other input");
      return compare(output, example.right, { ...options, slips: slipsOf(example) });
    },
  };
}

/**
 * The graded properties: the public ones, each asked its public cases and more that are drawn, judged by what is right for any input.
 *
 * @param drawn the further cases of a property, by its id
 * @throws RangeError for an id that no property has
 */
export function graded(
  properties: readonly CaseProperty[],
  drawn: Readonly<Record<string, (draw: RandomStream) => readonly Plain[]>>,
  judge: CaseProperty["judge"],
): CaseProperty[] {
  const stranger = Object.keys(drawn).find((id) => !properties.some((property) => property.id === id));
  if (stranger !== undefined)
    throw new RangeError(`cases are drawn for a property that is not there: ${stranger}`);
  return properties.map((property) => ({
    ...property,
    cases: (seed) => [...property.cases(seed), ...(drawn[property.id]?.(stream(seed, property.id)) ?? [])],
    judge,
  }));
}

function said(words: Readonly<Record<string, string>>, mistake: string): string {
  const message = words[mistake];
  if (message === undefined) throw new RangeError(`there are no words for the mistake ${mistake}`);
  return message;
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
