// The page that one learner gets: the code beside the verdict, a public input that shows each mistake, and where to go on.
import { isPending, type ExerciseRecord, type LearnerRecord, type PropertyRecord, type QuestionRecord } from "../record"; // prettier-ignore
import { escapeHtml, page } from "./html";
import type { Lesson } from "./lesson";

/** Each exercise's help, by its name. */
export type Lessons = ReadonlyMap<string, Lesson>;

/** A learner's feedback as a page that needs nothing else. */
export function feedbackPage(record: LearnerRecord, lessons: Lessons = new Map()): string {
  const title = `Feedback for ${record.learner}`;
  const exercises = record.exercises.map((exercise) =>
    exerciseHtml(exercise, lessons.get(exercise.exercise)),
  );
  return page(
    title,
    `<h1>${escapeHtml(title)}</h1>\n<p>${record.score} of ${record.outOf} points</p>\n${listHtml(record.refused)}${exercises.join("\n")}`,
  );
}

function listHtml(lines: readonly string[]): string {
  if (lines.length === 0) return "";
  return `<ul>${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join("")}</ul>\n`;
}

function exerciseHtml(record: ExerciseRecord, lesson: Lesson | undefined): string {
  const { exercise, questions, notes, code, points, outOf } = record;
  const verdict = `<div>${questions.map(verdictHtml).join("\n")}</div>`;
  const own =
    code === undefined || code === "" ? "" : `<div><h3>Your code</h3>\n<pre>${escapeHtml(code)}</pre></div>`;
  const help = lesson && points < outOf && !isPending(record) ? helpHtml(lesson) : "";
  return `<h2>${escapeHtml(exercise)}</h2>
<p>${standing(record)}</p>
${listHtml(notes)}<div class="beside">${verdict}\n${own}</div>\n${help}`;
}

/** What the exercise counts, in a sentence. */
function standing(record: ExerciseRecord): string {
  const { score, outOf, penalty, attempts, submitted, override } = record;
  if (override)
    return `${score} of ${outOf} points, set by your instructor (the grader had found ${override.instead}): ${escapeHtml(override.reason)}`;
  if (isPending(record))
    return "Not graded yet, because something of ours failed, not of yours: your instructor will look at it.";
  const late = penalty > 0 ? `, ${penalty} off for lateness` : "";
  const again = attempts > 1 ? `; ${attempts} attempts, this one of ${escapeHtml(submitted)} counts` : "";
  return `${score} of ${outOf} points${late}${again}`;
}

/** A question's points, and each property with what is wrong. */
export function verdictHtml({ title, points, outOf, properties }: QuestionRecord): string {
  return `<h3>${escapeHtml(title)}: ${points} of ${outOf}</h3>
<table>
<tr><th>property</th><th>result</th><th>points</th></tr>
${properties.map(propertyHtml).join("\n")}
</table>`;
}

function propertyHtml({ title, points, outOf, message, mistake, example, fault }: PropertyRecord): string {
  const state = points < outOf ? ' class="missed"' : "";
  const named =
    mistake === undefined || fault !== undefined ? "" : ` <small>(${escapeHtml(mistake)})</small>`;
  const shown =
    example === undefined
      ? ""
      : `<p>With numbers that you can run yourself:</p><pre>${escapeHtml(example)}</pre>`;
  return `<tr${state}><td>${escapeHtml(title)}</td><td>${escapeHtml(message ?? "right")}${named}${shown}</td><td class="points">${points} of ${outOf}</td></tr>`;
}

function helpHtml({ passage, hints, solution }: Lesson): string {
  const read = passage === undefined ? "" : `<p>Read again: ${escapeHtml(passage)}</p>\n`;
  const folded = (title: string, text: string, tag: "p" | "pre") =>
    `<details><summary>${title}</summary>\n<${tag}>${escapeHtml(text)}</${tag}></details>\n`;
  const opened = hints.map((hint, index) => folded(`Hint ${index + 1}`, hint, "p")).join("");
  return `${read}${opened}${solution === undefined ? "" : folded("A solution", solution, "pre")}`;
}
