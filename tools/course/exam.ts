// The page of exam questions with their answers, made from solutions/exam/, where each number is computed.
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { questions } from "../../solutions/exam/questions";
import type { ExamQuestion } from "../../solutions/exam/question";

/** The page, relative to the root; learners get nothing of its folder. */
export const examPath = "solutions/exam/exam.md";

/** The page as the questions give it, laid out as the formatter does. */
export async function examPage(root: string, all: readonly ExamQuestion[] = questions): Promise<string> {
  const numbers = numbered(all);
  const points = all.reduce((sum, question) => sum + question.points, 0);
  const text = [
    "# Exam questions",
    `Written by \`npm run course -- exam\`. The instructor's part: learners get nothing of this folder. ${all.length} questions, ${points} points; a point is meant for about two minutes of somebody who knows the answer. First the questions, to copy from; then each with its answer.`,
    "## Questions",
    ...all.map((question, i) => `**${numbers[i]!}** (${counted(question.points)}) ${question.question}`),
    "## Answers",
    ...all.map((question, i) =>
      [
        `### ${numbers[i]!}`,
        question.question,
        `**Answer** (${counted(question.points)}). ${question.answer}`,
        `**The wrong answer to expect.** ${question.wrong}`,
      ].join("\n\n"),
    ),
  ].join("\n\n");
  const path = join(root, examPath);
  return format(text, { ...(await resolveConfig(path)), parser: "markdown" });
}

/** `02.3`: the third question on chapter 02. */
function numbered(all: readonly ExamQuestion[]): string[] {
  const seen = new Map<string, number>();
  return all.map(({ chapter }) => {
    const number = (seen.get(chapter) ?? 0) + 1;
    seen.set(chapter, number);
    return `${chapter}.${number}`;
  });
}

const counted = (points: number): string => `${points} ${points === 1 ? "point" : "points"}`;
