// Scores that somebody decided by hand: a table beside the gradebook, so that grading again keeps them.
import { UserError } from "../notebooks/user-error";
import type { ExerciseRecord } from "./record";
import { parseCsv } from "./report/csv";

/** One row of a table. */
export interface OverrideRow {
  readonly learner: string;
  readonly exercise: string;
  readonly score: number;
  readonly reason: string;
}

/**
 * Reads the tables of `--overrides`, with the columns learner, exercise, score, reason.
 * @throws UserError where a column is missing, a score is no number of at least 0, a reason is empty, or two rows decide otherwise of the same
 */
export function parseOverrides(...texts: readonly string[]): OverrideRow[] {
  const rows = new Map<string, OverrideRow>();
  for (const row of texts.flatMap(parseTable)) {
    const key = JSON.stringify([row.learner, row.exercise]);
    const earlier = rows.get(key);
    if (earlier && (earlier.score !== row.score || earlier.reason !== row.reason))
      throw new UserError(
        `--overrides has two rows for ${row.learner}, ${row.exercise}; keep the one that counts`,
      );
    rows.set(key, row);
  }
  return [...rows.values()];
}

function parseTable(text: string): OverrideRow[] {
  const [header = [], ...rows] = parseCsv(text, "--overrides");
  const names = ["learner", "exercise", "score", "reason"] as const;
  const missing = names.find((name) => !header.includes(name));
  if (missing !== undefined)
    throw new UserError(`--overrides needs the columns ${names.join(", ")}; ${missing} is not there`);
  return rows.map((row) => {
    const field = (name: (typeof names)[number]) => (row[header.indexOf(name)] ?? "").trim();
    const [learner, exercise, score, reason] = [field("learner"), field("exercise"), field("score"), field("reason")]; // prettier-ignore
    const whose = `${learner}, ${exercise}`;
    if (!/^\d+(\.\d+)?$/.test(score))
      throw new UserError(
        `--overrides: a score is a number of at least 0; got ${score || "nothing"} for ${whose}`,
      );
    if (reason === "")
      throw new UserError(`--overrides: the learner reads the reason; there is none for ${whose}`);
    return { learner, exercise, score: Number(score), reason };
  });
}

/** The record with the score of its row, where there is one. @throws UserError for more than the exercise's points */
export function withOverride(record: ExerciseRecord, rows: readonly OverrideRow[]): ExerciseRecord {
  const row = rows.find(
    ({ learner, exercise }) => learner === record.learner && exercise === record.exercise,
  );
  if (!row) return record;
  const { score, reason } = row;
  if (score > record.outOf)
    throw new UserError(
      `--overrides: ${record.exercise} has ${record.outOf} points; got ${score} for ${record.learner}`,
    );
  return { ...record, score, override: { score, reason, instead: record.score } };
}

/** The rows of learners who handed in nothing of the kind: a name mistyped, most likely. */
export function unusedOverrides(
  rows: readonly OverrideRow[],
  records: readonly ExerciseRecord[],
): OverrideRow[] {
  return rows.filter(
    (row) => !records.some(({ learner, exercise }) => learner === row.learner && exercise === row.exercise),
  );
}
