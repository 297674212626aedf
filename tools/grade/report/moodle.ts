// Grades for Moodle: its grading worksheet filled in, or a table for its gradebook's import.
import { UserError } from "../../notebooks/user-error";
import { isPending, type LearnerRecord } from "../record";
import { exercisesOf } from "./canvas";
import { formatCsv, formatFilled, parseCsv } from "./csv";
import { matchRows } from "./roster";
import { feedbackText } from "./text";

/** For Grades > Import > CSV: learners by ID number, a column and a feedback column for each exercise. */
export function moodleCsv(records: readonly LearnerRecord[]): string {
  const slugs = exercisesOf(records).map(([slug]) => slug);
  return formatCsv([
    ["ID number", ...slugs.flatMap((slug) => [slug, `${slug} (feedback)`])],
    ...records.map((record) => [
      record.learner,
      ...slugs.flatMap((slug) => {
        const exercise = record.exercises.find((each) => each.exercise === slug);
        if (!exercise) return ["", ""];
        return [isPending(exercise) ? "" : `${exercise.score}`, feedbackText(exercise)];
      }),
    ]),
  ]);
}

/** The rows of a worksheet of Moodle's, and which column has a title. @throws UserError when the file is none */
export function parseMoodle(worksheet: string): {
  header: string[];
  rows: string[][];
  at: (title: string) => number;
} {
  const [header = [], ...rows] = parseCsv(worksheet, "--moodle");
  const at = (title: string): number => header.findIndex((name) => name.toLowerCase() === title);
  if (["identifier", "grade", "last modified (grade)"].some((title) => at(title) < 0))
    throw new UserError(
      "--moodle must be a grading worksheet downloaded from Moodle, with the columns Identifier, Grade and Last modified (grade)",
    );
  return { header, rows, at };
}

/**
 * The worksheet of one assignment (Download grading worksheet) with Grade and Feedback comments filled in. A learner is found by
 * participant number, ID number, e-mail address or a full name that nobody shares; a folder named by Moodle
 * (`Ada Lovelace_4711_assignsubmission_file_`) is found by its participant number alone.
 * @throws UserError when the file is not such a worksheet, or knows none of the learners.
 */
export function fillMoodle(
  worksheet: string,
  records: readonly LearnerRecord[],
): { csv: string; unknown: readonly string[] } {
  const { header, rows, at } = parseMoodle(worksheet);
  const [identifier, grade, most, feedback] = [
    at("identifier"),
    at("grade"),
    at("maximum grade"),
    at("feedback comments"),
  ] as const;
  // The participant's number stands first, so that one column holds it and nothing else.
  const known = rows.map((row) => [(row[identifier] ?? "").replace(/^\D*/, ""), ...row]);
  const columns = [0, ...[at("id number"), at("email address"), at("full name")].flatMap((index) => (index < 0 ? [] : [index + 1]))]; // prettier-ignore
  const { of, unknown } = matchRows(known, records, (learner) => {
    const download = /^.*_(\d+)_assignsubmission_file/.exec(learner);
    return download ? { text: download[1]!, columns: [0] } : { text: learner, columns };
  });
  const filled = rows.map((row, index) => {
    const full = header.map((_, at) => row[at] ?? "");
    const record = of.get(index);
    if (!record) return full;
    const outOf = most >= 0 && full[most] !== "" ? Number(full[most]!.replace(",", ".")) : record.outOf;
    if (!record.exercises.some(isPending))
      full[grade] = (record.outOf === 0 ? 0 : (record.score / record.outOf) * outOf).toFixed(2);
    if (feedback >= 0)
      full[feedback] = [
        ...record.exercises.map(feedbackText),
        ...record.refused.map((why) => `Not graded: ${why}`),
      ].join("\n\n");
    return full;
  });
  if (of.size === 0)
    throw new UserError("--moodle knows none of the learners: name their folders as Moodle's download does");
  return { csv: formatFilled([header, ...filled]), unknown };
}
