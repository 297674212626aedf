// Grades for Moodle: its grading worksheet filled in, or a table for its gradebook's import.
import { UserError } from "../../notebooks/user-error";
import { isPending, type ExerciseRecord, type LearnerRecord } from "../record";
import { exercisesOf } from "./canvas";
import { formatCsv, parseCsv } from "./csv";
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

/**
 * The worksheet of one assignment (Download grading worksheet) with Grade and Feedback comments filled in. A learner is found by
 * participant number, ID number, e-mail address or full name; Moodle's own folder names (`Ada Lovelace_4711_assignsubmission_file_`) fit.
 * @throws UserError when the file is not such a worksheet, or knows none of the learners.
 */
export function fillMoodle(
  worksheet: string,
  records: readonly LearnerRecord[],
): { csv: string; unknown: string[] } {
  const [header, ...rows] = parseCsv(worksheet, "--moodle");
  const at = (title: string): number => header?.findIndex((name) => name.toLowerCase() === title) ?? -1;
  const [identifier, grade, most, feedback] = [
    at("identifier"),
    at("grade"),
    at("maximum grade"),
    at("feedback comments"),
  ];
  if (identifier < 0 || grade < 0 || at("last modified (grade)") < 0)
    throw new UserError(
      "--moodle must be a grading worksheet downloaded from Moodle, with the columns Identifier, Grade and Last modified (grade)",
    );
  const byKey = new Map(
    records.flatMap((record) => keysOf(record.learner).map((key) => [key, record] as const)),
  );
  const known = new Set<string>();
  const filled = rows.map((row) => {
    const full = header!.map((_, index) => row[index] ?? "");
    const keys = [
      full[identifier]!.replace(/^\D*/, ""),
      ...[at("id number"), at("email address"), at("full name")]
        .filter((index) => index >= 0)
        .map((index) => full[index]!),
    ];
    const record = keys
      .map((key) => byKey.get(key.trim().toLowerCase()))
      .find((found) => found !== undefined);
    if (!record) return full;
    known.add(record.learner);
    const outOf = most >= 0 && full[most] !== "" ? Number(full[most]!.replace(",", ".")) : record.outOf;
    if (!record.exercises.some(isPending))
      full[grade] = (record.outOf === 0 ? 0 : (record.score / record.outOf) * outOf).toFixed(2);
    if (feedback >= 0)
      full[feedback] = record.exercises
        .map((exercise: ExerciseRecord) => feedbackText(exercise))
        .join("\n\n");
    return full;
  });
  if (known.size === 0)
    throw new UserError("--moodle knows none of the learners: name their folders as Moodle's download does");
  const unknown = records.map(({ learner }) => learner).filter((learner) => !known.has(learner));
  return { csv: formatCsv([header!, ...filled]), unknown };
}

function keysOf(learner: string): string[] {
  const download = /^(.*)_(\d+)_assignsubmission_file/.exec(learner);
  return (download ? [download[2]!, download[1]!] : [learner]).map((key) => key.toLowerCase());
}
