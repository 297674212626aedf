// What the grader found, in the form that it is kept and exported.

/** One property of one question. */
export interface PropertyRecord {
  readonly id: string;
  readonly title: string;
  readonly points: number;
  readonly outOf: number;
  /** The named mistake, when points are missing. */
  readonly mistake?: string;
  /** Why points are missing, for the learner. */
  readonly message?: string;
  /** The first public input, of those that the notebook checks, for which the answer is wrong, in words. */
  readonly example?: string;
  /** A mistake in the exercise itself: somebody has to look. */
  readonly fault?: string;
}

/** One question. */
export interface QuestionRecord {
  readonly id: string;
  readonly title: string;
  readonly points: number;
  readonly outOf: number;
  readonly properties: readonly PropertyRecord[];
}

/** One notebook that was handed in, graded. */
export interface AttemptRecord {
  readonly learner: string;
  readonly exercise: string;
  readonly file: string;
  readonly sha256: string;
  /** ISO 8601. */
  readonly submitted: string;
  readonly points: number;
  readonly outOf: number;
  /** What was odd about the notebook. */
  readonly notes: readonly string[];
  readonly questions: readonly QuestionRecord[];
  /** The learner's own cells, as far as a page holds them. */
  readonly code?: string;
}

/** One exercise of a learner: the attempt that counts, after the policy. */
export interface ExerciseRecord extends AttemptRecord {
  readonly attempts: number;
  /** Points taken off for lateness. */
  readonly penalty: number;
  /** Points that count. */
  readonly score: number;
  /** What somebody decided by hand, and why. */
  readonly override?: Override;
}

/** A score set by hand. */
export interface Override {
  readonly score: number;
  /** For the learner. */
  readonly reason: string;
  /** What the grader had found. */
  readonly instead: number;
}

/** One learner. */
export interface LearnerRecord {
  readonly learner: string;
  readonly score: number;
  readonly outOf: number;
  readonly exercises: readonly ExerciseRecord[];
  /** What was handed in and not graded, and why. */
  readonly refused: readonly string[];
}

/** Whether something could not be judged, by no fault of the learner's. */
export function hasFault({ questions }: AttemptRecord): boolean {
  return questions.some(({ properties }) => properties.some(({ fault }) => fault !== undefined));
}

/** Whether the exercise itself failed somewhere: then its score is not known yet, and no list that is handed on holds one. */
export function isPending(record: ExerciseRecord): boolean {
  return record.override === undefined && hasFault(record);
}

/** The sum of a number over a list. */
export function total<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0);
}
