// Makes the learner's notebook of a master: the stub, hints that open one by one, and nbgrader's metadata.
import { createHash } from "node:crypto";
import type { check } from "residual";
import { cellIds, kernelMetadata } from "../notebooks/normalise";
import { UserError } from "../notebooks/user-error";
import { joined, lines, type Cell, type Notebook } from "../notebooks/notebook";
import type { ExerciseFile } from "./exercise-file";
import { stubOf, type About, type Master, type MasterCell } from "./master";

/** The files beside the notebook that a learner gets as they are; `cases.ts` only where something is published. */
export const learnerFiles = ["drive.ts", "public.ts", "cases.ts"] as const;

const graded =
  "The course's grader asks what the checks above ask, with other numbers, drawn for you alone. An answer may be written in any style, in float32 or float64. It must leave what it is given as it was.";

/**
 * The notebook that a learner opens. Its metadata hold a hash of its cells, so that one that was worked in is never overwritten.
 * The answer cell and the graded cells carry nbgrader's metadata; a graded cell is empty until the instructor's tools fill it.
 */
export function learnerNotebook(
  master: Master,
  question: check.Question,
  links: check.CheckLinks = {},
): Notebook {
  let hints = 0;
  const check = master.cells.findIndex(({ role }) => role === "check");
  const cells = master.cells.flatMap((cell, index): Cell[] => {
    if (cell.role === "hint") return [markdown(folded(`Hint ${++hints}`, cell))];
    if (cell.role === "check")
      return [code(withLinks(cell, links), question, index), ...typeChecks(question)];
    if (cell.role !== "text") return [code(cell, question, index)];
    // What is said behind the check may answer what the learner was asked.
    if (index > check) return [markdown(folded("Once it is solved", cell))];
    return [markdown(index === 0 ? withAbout(cell.source, master.about) : cell.source)];
  });
  cells.push(markdown(`## What is graded\n\n${graded}`));
  for (const { id, title, points } of question.properties) {
    cells.push({
      ...empty("code"),
      source: lines(`// ${title} (${points} ${points === 1 ? "point" : "points"})`),
      metadata: { nbgrader: nbgrader(`${question.id}-${id}`, { grade: true, locked: true, points }) },
    });
  }
  const ids = cellIds(cells);
  const identified = cells.map((cell, index) => ({ ...cell, id: ids[index]! }));
  const metadata = {
    ...kernelMetadata,
    residual: { exercise: master.slug, generated: cellsHash(identified) },
  };
  return { nbformat: 4, nbformat_minor: 5, metadata, cells: identified };
}

/** What the learner's own commands know of the exercise, as `exercise.json`. */
export function exerciseFile({ slug, about, cells }: Master, question: check.Question): string {
  const { title, difficulty, importance, minutes } = about;
  const sources = (role: MasterCell["role"]) =>
    cells.filter((cell) => cell.role === role).map(({ source }) => source);
  const file: ExerciseFile = {
    slug,
    title,
    difficulty,
    importance,
    minutes,
    needs: question.needs,
    setup: sources("setup").join("\n"),
    stub: stubOf(sources("answer")[0]!),
    types: question.properties.filter((property) => "types" in property),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** Whether a notebook's cells are other than they were generated: somebody works in it. */
export function isWorkedIn(notebook: Notebook): boolean {
  const residual = notebook.metadata["residual"] as { generated?: unknown } | undefined;
  return residual?.generated !== cellsHash(notebook.cells);
}

function cellsHash(cells: readonly Cell[]): string {
  const text = JSON.stringify(cells.map(({ cell_type, source }) => [cell_type, joined(source)]));
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

function code({ role, source }: MasterCell, question: check.Question, index: number): Cell {
  if (role === "answer") {
    const metadata = { nbgrader: nbgrader(question.id, { solution: true }) };
    return { ...empty("code"), source: lines(stubOf(source)), metadata };
  }
  // What is there to be tried is the learner's own.
  if (role === "try") return { ...empty("code"), source: lines(source) };
  const metadata = { nbgrader: nbgrader(`${question.id}-${role}-${index}`, { locked: true }) };
  return { ...empty("code"), source: lines(source), metadata };
}

/** The check with its links as the last argument. */
function withLinks(cell: MasterCell, links: check.CheckLinks): MasterCell {
  const rows = Object.entries(links).map(([name, address]) => `  ${name}: ${JSON.stringify(address)},`);
  if (rows.length === 0) return cell;
  const call = /^(await check\.run\(.*)\);$/m;
  if (!call.test(cell.source)) {
    throw new UserError(
      `a check cell calls check.run in one line, as "await check.run(...);"; got ${cell.source}`,
    );
  }
  return {
    ...cell,
    source: cell.source.replace(call, (_, start: string) => `${start}, {\n${rows.join("\n")}\n});`),
  };
}

/** A cell for each property of types: the kernel compiles it only where the property holds. It runs nothing. */
function typeChecks({ id, properties }: check.Question): Cell[] {
  return properties.flatMap((property) => {
    if (!("types" in property)) return [];
    const source = [
      `// This cell compiles only if ${property.title}.`,
      "void (() => {",
      ...property.types.split("\n").map((row) => `  ${row}`),
      "});",
    ].join("\n");
    const metadata = { nbgrader: nbgrader(`${id}-${property.id}-public`, { locked: true }) };
    return [{ ...empty("code"), source: lines(source), metadata }];
  });
}

/** The properties of nbgrader's cell metadata, schema 3. */
interface NbgraderCell {
  readonly grade?: boolean;
  readonly locked?: boolean;
  readonly points?: number;
  readonly solution?: boolean;
}

function nbgrader(
  gradeId: string,
  { grade = false, locked = false, points, solution = false }: NbgraderCell,
): object {
  return {
    grade,
    grade_id: gradeId,
    locked,
    ...(points === undefined ? {} : { points }),
    schema_version: 3,
    solution,
    task: false,
  };
}

function empty(kind: "code" | "markdown"): Cell {
  const cell: Cell = { id: "", cell_type: kind, metadata: {}, source: [] };
  return kind === "code" ? { ...cell, execution_count: null, outputs: [] } : cell;
}

const markdown = (source: string): Cell => ({ ...empty("markdown"), source: lines(source) });

/** Text that opens by a click on its title. */
function folded(title: string, { source }: MasterCell): string {
  return `<details>\n<summary>${title}</summary>\n\n${source}\n\n</details>`;
}

/** The line under the heading. */
function withAbout(source: string, { difficulty, importance, minutes, source: origin }: About): string {
  const [heading, ...rest] = source.split("\n");
  const scale = (value: number) => `${value} of 5`;
  return [
    heading!,
    "",
    `Difficulty ${scale(difficulty)} · importance ${scale(importance)} · about ${minutes} minutes · from ${origin}`,
    ...rest,
  ].join("\n");
}
