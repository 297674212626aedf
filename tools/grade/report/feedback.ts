// The page that one learner gets: each question, each property, its points and the reason where some are missing.
import type { ExerciseRecord, LearnerRecord, QuestionRecord } from "../record";
import { escapeHtml, page } from "./html";

/** A learner's feedback as a page that needs nothing else. */
export function feedbackPage(record: LearnerRecord): string {
  const title = `Feedback for ${record.learner}`;
  return page(
    title,
    `<h1>${escapeHtml(title)}</h1>\n<p>${record.score} of ${record.outOf} points</p>\n${listHtml(record.refused)}${record.exercises.map(exerciseHtml).join("\n")}`,
  );
}

function listHtml(lines: readonly string[]): string {
  if (lines.length === 0) return "";
  return `<ul>${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join("")}</ul>\n`;
}

function exerciseHtml({
  exercise,
  score,
  outOf,
  penalty,
  attempts,
  submitted,
  questions,
  notes,
}: ExerciseRecord): string {
  const late = penalty > 0 ? `, ${penalty} off for lateness` : "";
  const again = attempts > 1 ? `; ${attempts} attempts, this one of ${escapeHtml(submitted)} counts` : "";
  return `<h2>${escapeHtml(exercise)}</h2>
<p>${score} of ${outOf} points${late}${again}</p>
${listHtml(notes)}${questions.map(questionHtml).join("\n")}`;
}

function questionHtml({ title, points, outOf, properties }: QuestionRecord): string {
  const rows = properties.map(({ title: name, points: earned, outOf: most, message }) => {
    const state = earned < most ? ' class="missed"' : "";
    return `<tr${state}><td>${escapeHtml(name)}</td><td>${escapeHtml(message ?? "right")}</td><td class="points">${earned} of ${most}</td></tr>`;
  });
  return `<h3>${escapeHtml(title)}: ${points} of ${outOf}</h3>
<table>
<tr><th>property</th><th>result</th><th>points</th></tr>
${rows.join("\n")}
</table>`;
}
