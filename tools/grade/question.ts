// What the grader asks of an exercise's drive and hidden checks (docs/exercises.md).

/**
 * Plain data, which is all that crosses between a learner's program and the judge: what JSON holds, and also NaN, Infinity and
 * -Infinity. A tensor is `{ shape, values }`.
 */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

/**
 * Calls a learner's answer on one input. `names` holds the notebook's top-level names that the question needs. It runs beside the
 * learner's code, so it holds nothing that a learner may not read.
 */
export type Drive = (names: Readonly<Record<string, unknown>>, input: Plain) => Plain | Promise<Plain>;

/** The drives of an exercise, by question: what its `drive.ts` exports as `drives`. */
export type Drives = Readonly<Record<string, Drive>>;

/** One graded question: what a solution cell answers. */
export interface Question {
  /** Unique in the course. */
  readonly id: string;
  readonly title: string;
  /** The top-level names that an answer defines. */
  readonly needs: readonly string[];
  /** Seconds for the notebook's cells, and again for the cases; 30 unless said. */
  readonly seconds?: number;
  readonly properties: readonly Property[];
}

/** What an answer must satisfy. It is worth its points or nothing. */
export type Property = CaseProperty | TypeProperty;

interface PropertyBase {
  /** Unique in its question. */
  readonly id: string;
  /** `adds no parameters`: learners see it, also when it fails. */
  readonly title: string;
  /** A whole number. */
  readonly points: number;
}

/** A property of behaviour: it holds when no case has a finding. */
export interface CaseProperty extends PropertyBase {
  /** The inputs for a learner's seed: the same seed gives the same inputs. */
  readonly cases: (seed: number) => readonly Plain[];
  /** What is wrong with the output, or undefined. The output may be anything: it must be validated before it is used. */
  readonly judge: (input: Plain, output: Output) => Finding | undefined | Promise<Finding | undefined>;
}

/** A property of types: it holds when this code compiles, type-checked, after the learner's cells. */
export interface TypeProperty extends PropertyBase {
  readonly types: string;
  /** What is said when it does not compile. */
  readonly otherwise?: Finding;
}

/** What came of one case. */
export type Output =
  { readonly value: Plain } | { readonly error: { readonly name: string; readonly message: string } };

/** Why a property does not hold. */
export interface Finding {
  /** The stable name of the mistake, which statistics count: `forgets-the-shortcut`. */
  readonly mistake: string;
  /** For the learner: the property in words, without the hidden case. */
  readonly message: string;
}
