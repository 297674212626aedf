// An exercise's result in plain words, for places that take text.
import { isPending, type ExerciseRecord } from "../record";

/** Points, then a line for each property that misses some, then what was odd about the notebook. */
export function feedbackText(record: ExerciseRecord): string {
  const { exercise, score, outOf, penalty, questions, notes, override } = record;
  if (isPending(record)) return `${exercise}: not graded yet; your instructor will look at it`;
  const late = penalty > 0 ? ` (${penalty} off for lateness)` : "";
  return [
    `${exercise}: ${score} of ${outOf}${override ? `, set by your instructor: ${override.reason}` : late}`,
    ...questions.flatMap((question) =>
      question.properties
        .filter(({ points, outOf: most }) => points < most)
        .map(({ title, message, outOf: most }) => `${question.title}, ${title} (${most}): ${message ?? ""}`),
    ),
    ...notes.map((note) => `Note: ${note}`),
  ].join("\n");
}
