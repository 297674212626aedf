// Grades one notebook: picks the learner's own cells, compiles them, and has each question run and judged.
import type { Exercise } from "./exercise";
import type { GradeOptions } from "./grade-options";
import { printable } from "./intake/names";
import type { QuestionSummary } from "./judge/protocol";
import type { Submitted, SubmittedCell } from "./notebook/submitted";
import { NotebookRun, zero } from "./notebook-run";
import type { QuestionRecord } from "./record";

/** What a notebook earned. */
export interface Graded {
  readonly notes: readonly string[];
  readonly questions: readonly QuestionRecord[];
  /** The learner's own cells. */
  readonly code: string;
  /** Whether a program ended for want of time that others may have taken, or of memory. */
  readonly isDoubtful: boolean;
}

/** Grades what a learner handed in. Rejects only for mistakes of the grader or the machine. */
export async function gradeNotebook(
  submitted: Submitted,
  exercise: Exercise,
  learner: string,
  options: GradeOptions,
): Promise<Graded> {
  const questions = await options.judge.describe(exercise.hidden);
  const { own, notes } = chooseCells(submitted, exercise);
  if (own.length === 0) {
    const reason = submitted.notes[0] ?? "the notebook has no code of the learner's";
    return {
      notes,
      questions: questions.map((question) => zero(question, "nothing-to-grade", reason)),
      code: "",
      isDoubtful: false,
    };
  }
  const code = shown(own);
  const cells = [...exercise.setup, ...own.map(({ code }) => code)];
  const compiled = await options.compiler.compile(exercise, cells, codeAfter(questions));
  if (!compiled.ok) {
    const reason = `the notebook ${compiled.reason}`;
    return {
      notes: [...notes, reason],
      questions: questions.map((question) => zero(question, "does-not-compile", reason)),
      code,
      isDoubtful: compiled.isDoubtful,
    };
  }
  compiled.cells.slice(0, exercise.setup.length).forEach((cell, index) => {
    if (!cell.ok)
      throw new Error(`setup cell ${index + 1} of ${exercise.slug} does not compile: ${cell.message}`);
  });
  const place = (index: number): string =>
    index < exercise.setup.length
      ? `setup cell ${index + 1}`
      : `cell ${own[index - exercise.setup.length]!.number}`;
  const { after } = compiled;
  const attempt = submitted.sha256;
  const run = new NotebookRun({ cells: compiled.cells, after, place, exercise, learner, attempt, options });
  const records: QuestionRecord[] = [];
  for (const question of questions) records.push(await run.grade(question));
  const { isDoubtful } = run;
  const noted = [...run.notes];
  const withExamples: QuestionRecord[] = [];
  for (const [index, question] of questions.entries())
    withExamples.push(isDoubtful ? records[index]! : await run.withExamples(question, records[index]!));
  return { notes: [...notes, ...noted], questions: withExamples, code, isDoubtful };
}

/** Of a learner's code a page holds this much. */
const MOST_SHOWN = 20_000;

/** The learner's cells as one text, each line of which a page can hold. */
function shown(own: readonly SubmittedCell[]): string {
  const text = own.map(({ code }) => code.trim()).join("\n\n");
  const cut =
    text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}\n(${text.length} characters in all)` : text;
  return cut.replaceAll("\t", "  ").split("\n").map(printable).join("\n");
}

/** The names of every question, and the snippets of type properties, by the key under which they are compiled. */
function codeAfter(questions: readonly QuestionSummary[]): Record<string, string> {
  const code: Record<string, string> = {};
  for (const { id, needs, properties } of questions) {
    for (const name of needs) code[`name ${name}`] = `({ ${name}: ${name} })`;
    for (const property of properties)
      if (property.typed) code[`types ${id} ${property.id}`] = property.typed.snippet;
  }
  return code;
}

/**
 * The learner's own cells: all code but the cells that were given. A given cell is recognised by its text, and a changed one by its id,
 * unless it declares something of its own: then it is work that lies in a cell with a wrong id.
 */
function chooseCells(submitted: Submitted, exercise: Exercise): { own: SubmittedCell[]; notes: string[] } {
  const notes = [...submitted.notes];
  const lockedCode = new Set(exercise.locked.map(({ code }) => code.trim()));
  const codeOf = new Map(exercise.locked.map(({ gradeId, code }) => [gradeId, code]));
  const own: SubmittedCell[] = [];
  for (const cell of submitted.cells) {
    if (cell.code.trim() === "" || lockedCode.has(cell.code.trim())) continue;
    const given = cell.gradeId === undefined ? undefined : codeOf.get(cell.gradeId);
    const isWork = given === undefined || declaresMore(cell.code, given);
    if (isWork) own.push(cell);
    if (given !== undefined)
      notes.push(
        isWork
          ? `cell ${cell.number} is marked as given and holds work; it was graded`
          : `cell ${cell.number} was given and must not change; the original was used`,
      );
  }
  if (submitted.cells.length > 0) {
    const ids = submitted.cells.map(({ gradeId }) => gradeId);
    for (const id of exercise.solutionIds) {
      const count = ids.filter((other) => other === id).length;
      if (count === 0) notes.push(`no cell is marked ${id}; answers are found by the names they define`);
      if (count > 1) notes.push(`${count} cells are marked ${id}; the last definition of a name counts`);
    }
  }
  return { own, notes };
}

/** A declaration at the beginning of a line; what a pattern declares has no name here. */
const declaration =
  /^(?:export\s+)?(?:declare\s+)?(?:abstract\s+|async\s+)?(?:function\s*\*?|const(?:\s+enum)?|let|var|class|type|interface|enum)\s+([\w$]*)/gm;

/** Whether a changed cell declares what the given one does not. It reads text and runs nothing. */
function declaresMore(changed: string, given: string): boolean {
  const names = (code: string) => [...code.matchAll(declaration)].map(([, name]) => name);
  const known = new Set(names(given));
  return names(changed).some((name) => !known.has(name));
}
