// Grades one notebook: compiles it, runs it once for each question in a program of its own, and lets the judge decide.
import { randomUUID } from "node:crypto";
import type { Output, Plain } from "./question";
import type { NotebookCompiler } from "./compiler";
import type { Exercise } from "./exercise";
import { ExerciseFault, type Judge } from "./judge/judge";
import type { PropertySummary, QuestionSummary } from "./judge/protocol";
import type { CompiledCell, RunEvent, RunJob } from "./learner/protocol";
import { decode, encode } from "./learner/wire";
import type { Submitted, SubmittedCell } from "./notebook/submitted";
import { readableFor, type Programs } from "./programs";
import { total, type PropertyRecord, type QuestionRecord } from "./record";
import type { Limits, Sandbox } from "./sandbox/sandbox";
import { Supervised, type EndReason } from "./sandbox/supervise";
import { seedOf } from "./seed";

/** What grading needs besides the notebook. */
export interface GradeOptions {
  readonly compiler: NotebookCompiler;
  readonly judge: Judge;
  readonly sandbox: Sandbox;
  readonly programs: Programs;
  readonly limits: Limits;
  readonly lane: number;
  /** Decides the hidden cases together with the learner's name. */
  readonly seed: string;
  readonly onPeak?: (bytes: number) => void;
}

/** What a notebook earned. */
export interface Graded {
  readonly notes: readonly string[];
  readonly questions: readonly QuestionRecord[];
}

/** Cells that end or hang their program are left out one after the other, this many at most. */
const MOST_DROPPED = 3;

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
    return { notes, questions: questions.map((question) => zero(question, "nothing-to-grade", reason)) };
  }
  const cells = [...exercise.setup, ...own.map(({ code }) => code)];
  const compiled = await options.compiler.compile(exercise, cells, codeAfter(questions));
  if (!compiled.ok) {
    const reason = `the notebook ${compiled.reason}`;
    return {
      notes: [...notes, reason],
      questions: questions.map((question) => zero(question, "does-not-compile", reason)),
    };
  }
  const place = (index: number): string =>
    index < exercise.setup.length
      ? `setup cell ${index + 1}`
      : `cell ${own[index - exercise.setup.length]!.number}`;
  const run = new NotebookRun({
    cells: compiled.cells,
    after: compiled.after,
    place,
    exercise,
    learner,
    options,
  });
  const records: QuestionRecord[] = [];
  for (const question of questions) records.push(await run.grade(question));
  return { notes: [...notes, ...run.notes], questions: records };
}

/** The names of every question, and the snippets of type properties, by the key under which they are compiled. */
function codeAfter(questions: readonly QuestionSummary[]): Record<string, string> {
  const code: Record<string, string> = {};
  for (const { id, needs, properties } of questions) {
    code[`names ${id}`] = `({ ${needs.map((name) => `${name}: ${name}`).join(", ")} })`;
    for (const name of needs) code[`name ${name}`] = `({ ${name}: ${name} })`;
    for (const property of properties)
      if (property.types !== undefined) code[`types ${id} ${property.id}`] = property.types;
  }
  return code;
}

/** The learner's own cells: all code but the cells that were given, which are recognised by id or by text. */
function chooseCells(submitted: Submitted, exercise: Exercise): { own: SubmittedCell[]; notes: string[] } {
  const notes = [...submitted.notes];
  const lockedIds = new Set(exercise.locked.map(({ gradeId }) => gradeId));
  const lockedCode = new Set(exercise.locked.map(({ code }) => code.trim()));
  const codeOf = new Map(exercise.locked.map(({ gradeId, code }) => [gradeId, code.trim()]));
  const own: SubmittedCell[] = [];
  for (const cell of submitted.cells) {
    if (cell.code.trim() === "" || lockedCode.has(cell.code.trim())) continue;
    if (cell.gradeId !== undefined && lockedIds.has(cell.gradeId)) {
      if (codeOf.get(cell.gradeId) !== cell.code.trim())
        notes.push(`cell ${cell.number} was given and must not change; the original was used`);
    } else own.push(cell);
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

function zero(question: QuestionSummary, mistake: string, message: string): QuestionRecord {
  return record(
    question,
    question.properties.map((property) => missed(property, mistake, message)),
  );
}

function missed({ id, title, points }: PropertySummary, mistake: string, message: string): PropertyRecord {
  return { id, title, points: 0, outOf: points, mistake, message };
}

function record({ id, title }: QuestionSummary, properties: readonly PropertyRecord[]): QuestionRecord {
  return {
    id,
    title,
    points: total(properties, ({ points }) => points),
    outOf: total(properties, ({ outOf }) => outOf),
    properties,
  };
}

interface RunParts {
  readonly cells: readonly CompiledCell[];
  readonly after: Readonly<Record<string, CompiledCell>>;
  readonly place: (index: number) => string;
  readonly exercise: Exercise;
  readonly learner: string;
  readonly options: GradeOptions;
}

/** A program that has run the notebook's cells and waits for cases, or why there is none. */
type Ready =
  { readonly program: Supervised; readonly missing: readonly string[] } | { readonly reason: string };

const endings: Record<EndReason, string> = {
  exit: "ended the program",
  time: "did not finish in time",
  memory: "needs more memory than is allowed",
  output: "prints more than is allowed",
  line: "gave an answer that is too large",
};

/** One compiled notebook, run afresh for each question. */
class NotebookRun {
  readonly notes: string[] = [];
  readonly #parts: RunParts;
  /** Cells that are left out: they did not compile, or a run showed that they end or hang the program. */
  readonly #dropped = new Map<number, string>();
  readonly #failed = new Map<number, string>();

  constructor(parts: RunParts) {
    this.#parts = parts;
    parts.cells.forEach((cell, index) => {
      if (!cell.ok) this.#drop(index, `does not compile: ${cell.message}`);
    });
  }

  /** The question's record. */
  async grade(question: QuestionSummary): Promise<QuestionRecord> {
    const { after } = this.#parts;
    const names = after[`names ${question.id}`]!;
    const cases: PropertyRecord[] = [];
    if (!names.ok) {
      const absent = question.needs.filter((name) => !after[`name ${name}`]!.ok);
      const why = `${absent.join(", ")} is not defined${this.#because()}`;
      return record(
        question,
        question.properties.map((property) => missed(property, "not-defined", why)),
      );
    }
    let ready: Ready | undefined;
    for (const property of question.properties) {
      if (property.types !== undefined) {
        cases.push(this.#types(question, property));
        continue;
      }
      if (!ready || ("program" in ready && ready.program.reason !== undefined))
        ready = await this.#start(question, names);
      if ("reason" in ready) cases.push(missed(property, "does-not-run", ready.reason));
      else if (ready.missing.length > 0) {
        cases.push(
          missed(property, "not-defined", `${ready.missing.join(", ")} is undefined${this.#because()}`),
        );
      } else cases.push(await this.#cases(question, property, ready.program));
    }
    if (ready && "program" in ready) await this.#end(ready.program);
    return record(question, cases);
  }

  #because(): string {
    const [reason] = [...this.#dropped.values(), ...this.#failed.values()];
    return reason === undefined ? "" : `; ${reason}`;
  }

  #drop(index: number, why: string): void {
    const line = `${this.#parts.place(index)} ${why}`;
    this.#dropped.set(index, line);
    this.notes.push(`${line}; it was left out`);
  }

  #types(question: QuestionSummary, property: PropertySummary): PropertyRecord {
    const cell = this.#parts.after[`types ${question.id} ${property.id}`]!;
    if (!cell.ok) {
      const { mistake, message } = property.otherwise ?? {
        mistake: "types",
        message: "the types do not hold",
      };
      return missed(property, mistake, `${message}: ${cell.message}`);
    }
    return { id: property.id, title: property.title, points: property.points, outOf: property.points };
  }

  /** Runs the cells in a fresh program until it waits for cases, leaving out those that end it. */
  async #start(question: QuestionSummary, names: CompiledCell): Promise<Ready> {
    for (;;) {
      const { exercise, options, cells, place } = this.#parts;
      const program = new Supervised(options.sandbox, {
        command: [process.execPath, options.programs.run],
        cwd: exercise.folder,
        ...readableFor(exercise, options.programs),
        limits: options.limits,
        lane: options.lane * 2 + 1,
      });
      const job: RunJob = {
        cwd: exercise.folder,
        cells: cells.flatMap((cell, index) => (this.#dropped.has(index) ? [] : [{ index, cell }])),
        names,
        drive: options.programs.driveOf(exercise),
        question: question.id,
      };
      program.send(JSON.stringify(job));
      const deadline = performance.now() + question.seconds * 1000;
      let at: number | undefined;
      for (let line = await program.next(deadline); line !== undefined; line = await program.next(deadline)) {
        const event = parseEvent(line);
        if (event === undefined) continue;
        if ("ready" in event) return { program, missing: namesIn(event.missing, question.needs) };
        if ("cell" in event) at = Number.isInteger(event.cell) && event.cell in cells ? event.cell : at;
        else if (Number.isInteger(event.failed) && event.failed in cells && !this.#failed.has(event.failed)) {
          const why = `${place(event.failed)} stopped with an error: ${event.message.slice(0, 300)}`;
          this.#failed.set(event.failed, why);
          this.notes.push(why);
        }
      }
      await this.#end(program);
      const why = endings[program.reason ?? "exit"];
      if (at === undefined) return { reason: `the notebook ${why} before its first cell` };
      if (this.#dropped.has(at) || this.#ended >= MOST_DROPPED) return { reason: `${place(at)} ${why}` };
      this.#ended++;
      this.#drop(at, why);
    }
  }
  #ended = 0;

  async #end(program: Supervised): Promise<void> {
    await program.end();
    this.#parts.options.onPeak?.(program.peakBytes);
  }

  async #cases(
    question: QuestionSummary,
    property: PropertySummary,
    program: Supervised,
  ): Promise<PropertyRecord> {
    const { exercise, learner, options } = this.#parts;
    const { hidden } = exercise;
    const full = { id: property.id, title: property.title, points: property.points, outOf: property.points };
    try {
      const seed = seedOf(options.seed, learner, question.id, property.id);
      const inputs = await options.judge.cases(hidden, question.id, property.id, seed);
      if (inputs.length === 0) throw new ExerciseFault(`${question.id}-${property.id} draws no cases`);
      const deadline = performance.now() + question.seconds * 1000;
      for (const input of inputs) {
        const output = await ask(program, input, deadline);
        if (output === undefined) {
          const why = endings[program.reason ?? "exit"];
          return missed(
            property,
            `answer-${program.reason ?? "exit"}`,
            `${property.title}: the answer ${why}`,
          );
        }
        const finding = await options.judge.judge(hidden, question.id, property.id, input, output);
        if (finding) return missed(property, finding.mistake, finding.message);
      }
      return full;
    } catch (error) {
      if (!(error instanceof ExerciseFault)) throw error;
      return {
        ...full,
        points: 0,
        fault: error.message,
        message: "this property could not be judged; your instructor will look at it",
      };
    }
  }
}

/** The answer to one case, or undefined when the program ended. Lines that are not the answer are passed over. */
async function ask(program: Supervised, input: Plain, deadline: number): Promise<Output | undefined> {
  const id = randomUUID();
  program.send(encode({ id, input }));
  for (let line = await program.next(deadline); line !== undefined; line = await program.next(deadline)) {
    const output = parseOutput(line, id);
    if (output !== undefined) return output;
  }
  return undefined;
}

function parseOutput(line: string, id: string): Output | undefined {
  let value: Plain;
  try {
    value = decode(line);
  } catch {
    return undefined; // not the protocol: something else that the learner's program wrote
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const answer = value as Record<string, Plain>;
  if (answer["id"] !== id) return undefined;
  if ("value" in answer) return { value: answer["value"]! };
  const error = answer["error"] as Record<string, Plain> | null | undefined;
  return { error: { name: asText(error?.["name"]), message: asText(error?.["message"]) } };
}

const asText = (value: Plain | undefined): string => (typeof value === "string" ? value.slice(0, 500) : "");

function parseEvent(line: string): RunEvent | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined; // not the protocol: something else that the learner's program wrote
  }
  if (typeof value !== "object" || value === null) return undefined;
  if (!("failed" in value)) return "cell" in value || "ready" in value ? (value as RunEvent) : undefined;
  const message = "message" in value && typeof value.message === "string" ? value.message : "";
  return { failed: typeof value.failed === "number" ? value.failed : -1, message };
}

/** What the runner says is hearsay: only names that were asked for are taken from it. */
function namesIn(claimed: unknown, needs: readonly string[]): string[] {
  return Array.isArray(claimed) ? needs.filter((name) => claimed.includes(name)) : [];
}
