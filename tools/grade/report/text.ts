// An exercise's result in plain words, for places that take text.
import type { ExerciseRecord } from "../record";

/** Points, then a line for each property that misses some, then what was odd about the notebook. */
export function feedbackText({ exercise, score, outOf, penalty, questions, notes }: ExerciseRecord): string {
  const late = penalty > 0 ? ` (${penalty} off for lateness)` : "";
  return [
    `${exercise}: ${score} of ${outOf}${late}`,
    ...questions.flatMap((question) =>
      question.properties
        .filter(({ points, outOf: most }) => points < most)
        .map(({ title, message, outOf: most }) => `${question.title}, ${title} (${most}): ${message ?? ""}`),
    ),
    ...notes.map((note) => `Note: ${note}`),
  ].join("\n");
}
