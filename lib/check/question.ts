// What a graded question is: its properties, the cases they draw, and how an answer is called.
import type { Plain } from "./plain.js";

/**
 * Calls a learner's answer on one input and gives plain data. It runs beside the learner's code, so it holds no expected value.
 * `names` are the notebook's top-level names that the question needs.
 */
export type Drive = (names: Readonly<Record<string, unknown>>, input: Plain) => Plain | Promise<Plain>;

/** What came of one case. An error is an output too: a property may ask for one. */
export type Output =
  { readonly value: Plain } | { readonly error: { readonly name: string; readonly message: string } };

/** What came and what was expected, in words. */
export interface Difference {
  readonly got: string;
  readonly expected: string;
  /** How many numbers of a tensor differ, and the first of them. */
  readonly where?: string;
}

/** Why a case fails. */
export interface Finding {
  /** The mistake's name, which statistics count: `forgets-the-shortcut`. */
  readonly mistake: string;
  /** The mistake in words, for the learner. It names the property and never a hidden case's numbers. */
  readonly message: string;
  /** What came and what was expected. Public checks show it, graders do not. */
  readonly detail?: string | Difference;
}

/** The mistake of an answer that throws `not written yet`, as the stubs of the exercises do. It is none to be called wrong. */
export const notWritten = "not-written";

/** What every property has. */
export interface PropertyBase {
  readonly id: string;
  /** Such as `adds its input`: learners see it, also when it fails. */
  readonly title: string;
  /** A whole number, given all or nothing. */
  readonly points: number;
}

/** An input whose right answer is known. */
export interface Example {
  readonly input: Plain;
  readonly right: Plain;
  /** What known mistakes give for it. */
  readonly slips?: readonly { readonly mistake: string; readonly message: string; readonly gives: Plain }[];
  /** What the output is, without a verb, as `compare` names it. */
  readonly what?: string;
  /** The one field of the output that is compared. */
  readonly part?: string;
  /** How far off a number may be, in its own unit. */
  readonly within?: number;
}

/** A property that holds when no case gives a finding. */
export interface CaseProperty extends PropertyBase {
  /** The inputs; the same seed gives the same. */
  readonly cases: (seed: number) => readonly Plain[];
  /** Judges one output. It gets anything that is plain data. What it throws is a fault of the exercise. */
  readonly judge: (input: Plain, output: Output) => Finding | undefined | Promise<Finding | undefined>;
  /** An input as an example that gives the rule away to nobody: so the notebook can ask what the grader asks. */
  readonly publish?: (input: Plain) => Example;
}

/** A property that holds when a snippet compiles after the learner's cells; `@ts-expect-error` says what must not compile. */
export interface TypeProperty extends PropertyBase {
  readonly types: string;
  /** The mistake that is named when it does not compile. */
  readonly otherwise: Finding;
}

/** One thing that an answer must do. */
export type Property = CaseProperty | TypeProperty;

/** One graded question. */
export interface Question {
  /** Unique in the course. It is also the answer cell's `grade_id`. */
  readonly id: string;
  readonly title: string;
  /** The top-level names that an answer defines. */
  readonly needs: readonly string[];
  /** Seconds for all cells and cases; 30 unless said. */
  readonly seconds?: number;
  readonly properties: readonly Property[];
}
