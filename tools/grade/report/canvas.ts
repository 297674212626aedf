// The gradebook in the columns that Canvas imports: Student, ID, SIS User ID, SIS Login ID, Section, then the assignments.
import { UserError } from "../../notebooks/user-error";
import { isPending, type LearnerRecord } from "../record";
import { formatCsv, formatFilled, parseCsv } from "./csv";
import { matchRows } from "./roster";

const identity = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"];

/** Without a roster Canvas finds learners by login, so the submissions' folders must be named by it. */
export function canvasCsv(records: readonly LearnerRecord[]): string {
  const exercises = exercisesOf(records);
  return formatCsv([
    [...identity, ...exercises.map(([slug]) => slug)],
    ["    Points Possible", "", "", "", "", ...exercises.map(([, outOf]) => `${outOf}`)],
    ...records.map((record) => [
      ...[record.learner, "", "", record.learner, ""],
      ...exercises.map(([slug]) => scoreOf(record, slug)),
    ]),
  ]);
}

/** The rows of a gradebook that Canvas exported. @throws UserError when the file is none */
export function parseCanvas(roster: string): { header: string[]; rows: string[][] } {
  const [header = [], ...rows] = parseCsv(roster, "--canvas");
  if (header[0] !== "Student" || header[1] !== "ID" || !header.includes("Section"))
    throw new UserError(
      `--canvas must be a gradebook exported from Canvas, whose columns begin with Student, ID; got ${header.slice(0, 3).join(", ") || "nothing"}`,
    );
  return { header, rows };
}

/**
 * A gradebook exported from Canvas, with the scores filled in. A learner is found by login, SIS id, Canvas id or a name that nobody shares; an exercise by a
 * column that begins with its name (`03-option-a (4711)`), and gets a column of its own where there is none.
 * @throws UserError when the file is not such a gradebook, or knows none of the learners.
 */
export function fillCanvas(
  roster: string,
  records: readonly LearnerRecord[],
): { csv: string; unknown: readonly string[] } {
  const { header, rows } = parseCanvas(roster);
  const exercises = exercisesOf(records);
  const columns = exercises.map(([slug]) => {
    const found = header.findIndex((title) => title === slug || title.startsWith(`${slug} (`));
    return found >= 0 ? found : header.push(slug) - 1;
  });
  const keys = ["SIS Login ID", "SIS User ID", "ID", "Student"]
    .map((title) => header.indexOf(title))
    .filter((at) => at >= 0);
  const { of, unknown } = matchRows(rows, records, (learner) => ({ text: learner, columns: keys }));
  const filled = rows.map((row, number) => {
    const full = header.map((_, index) => row[index] ?? "");
    if (full[0]!.includes("Points Possible")) {
      columns.forEach((at, index) => {
        full[at] ||= `${exercises[index]![1]}`;
      });
      return full;
    }
    const record = of.get(number);
    if (!record) return full;
    columns.forEach((at, index) => {
      full[at] = scoreOf(record, exercises[index]![0]) || full[at]!;
    });
    return full;
  });
  if (of.size === 0)
    throw new UserError(
      "--canvas knows none of the learners: name their folders by login, SIS id or Canvas id",
    );
  return { csv: formatFilled([header, ...filled]), unknown };
}

/** Every exercise with its points. */
export function exercisesOf(records: readonly LearnerRecord[]): [slug: string, outOf: number][] {
  const found = new Map<string, number>();
  for (const { exercises } of records)
    for (const { exercise, outOf } of exercises) found.set(exercise, outOf);
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
}

function scoreOf(record: LearnerRecord, slug: string): string {
  const exercise = record.exercises.find((each) => each.exercise === slug);
  return exercise && !isPending(exercise) ? `${exercise.score}` : "";
}
