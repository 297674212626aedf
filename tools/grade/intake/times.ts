// Times of hand-in that the instructor got from where learners cannot write: an LMS's list, as a table.
import { UserError } from "../../notebooks/user-error";
import { printable } from "./names";
import { parseCsv } from "../report/csv";

/** The time (ISO 8601) of a learner's file, where the list has it. */
export type TimeOf = (learner: string, exercise: string, file: string) => string | undefined;

/** Whether a text is a time with its zone: without one it means another moment on another machine. */
export function isZonedTime(text: string): boolean {
  return /T.*(Z|[+-]\d\d:?\d\d)$/.test(text) && !Number.isNaN(Date.parse(text));
}

/**
 * Reads a table with the columns `learner`, `exercise`, `submitted` and, where a learner handed in several times, `file` (its path in the
 * learner's folder).
 * @throws UserError when a column is missing, a time has no zone, an exercise is not among `exercises`, or two rows speak of the same
 */
export function parseTimes(text: string, exercises: readonly string[]): TimeOf {
  const [header = [], ...rows] = parseCsv(text, "--times");
  const column = (name: string): number => header.indexOf(name);
  for (const name of ["learner", "exercise", "submitted"]) {
    if (column(name) < 0)
      throw new UserError(
        `--times needs the columns learner, exercise, submitted (and file); got ${header.join(", ")}`,
      );
  }
  const times = new Map<string, string>();
  for (const row of rows) {
    const [learner, exercise, submitted] = ["learner", "exercise", "submitted"].map(
      (name) => row[column(name)] ?? "",
    ) as [string, string, string];
    const file = column("file") < 0 ? "" : (row[column("file")] ?? "");
    if (!isZonedTime(submitted))
      throw new UserError(
        `--times needs times with their zone, like 2026-12-01T23:59:00+01:00; got ${submitted} for ${learner}`,
      );
    if (!exercises.includes(exercise))
      throw new UserError(`--times: there is no exercise ${printable(exercise)} (for ${printable(learner)})`);
    const key = [learner, exercise, file].join("\0");
    if (times.has(key))
      throw new UserError(
        `--times has two rows for ${learner}, ${exercise}; tell them apart by a column named file`,
      );
    times.set(key, new Date(submitted).toISOString());
  }
  return (learner, exercise, file) =>
    times.get([learner, exercise, file].join("\0")) ?? times.get([learner, exercise, ""].join("\0"));
}
