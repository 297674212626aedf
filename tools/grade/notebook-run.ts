// One compiled notebook, run afresh for each question in a program of its own, and the record of what came of it.
import type { Exercise } from "./exercise";
import type { GradeOptions } from "./grade-options";
import { ExerciseFault } from "./judge/judge";
import type { PropertySummary, QuestionSummary } from "./judge/protocol";
import { ask, namesIn, parseEvent } from "./learner/hearsay";
import type { CompiledCell, RunJob } from "./learner/protocol";
import { readableFor } from "./programs";
import { blandOf, exampleFor, feedbackFor, withoutPlaces } from "./quotable";
import { total, type PropertyRecord, type QuestionRecord } from "./record";
import { Supervised, type EndReason } from "./sandbox/supervise";
import { seedOf } from "./seed";

/** Cells that end or hang their program are left out one after the other, this many at most. */
const MOST_DROPPED = 3;

/** Mistakes for which no case was asked: to ask a public one would start programs that can answer nothing, and may take all their time to end. */
const unjudged = new Set(["not-defined", "does-not-run", "used-up-time"]);

/** A compiled notebook and what it takes to run it. */
export interface RunParts {
  readonly cells: readonly CompiledCell[];
  readonly after: Readonly<Record<string, CompiledCell>>;
  readonly place: (index: number) => string;
  readonly exercise: Exercise;
  readonly learner: string;
  /** The notebook's hash. */
  readonly attempt: string;
  readonly options: GradeOptions;
}

/** A program that has run the notebook's cells and waits for cases, or why there is none. */
type Ready =
  | { readonly program: Supervised; readonly missing: readonly string[] }
  | { readonly reason: string }
  | { readonly fault: string };

const endings: Record<EndReason, string> = {
  exit: "ended the program",
  time: "did not finish in time",
  memory: "needs more memory than is allowed",
  files: "makes more files than are allowed",
  output: "prints more than is allowed",
  line: "gave an answer that is too large",
  forged: "wrote to the grader's own channel",
};

/** One compiled notebook, run afresh for each question. */
export class NotebookRun {
  readonly notes: string[] = [];
  /** Whether a program ended for want of time that others took, or of memory. */
  isDoubtful = false;
  readonly #parts: RunParts;
  /** Cells that are left out: they did not compile, or a run showed that they end or hang the program. */
  readonly #dropped = new Map<number, string>();
  readonly #failed = new Map<number, string>();

  constructor(parts: RunParts) {
    this.#parts = parts;
    parts.cells.forEach((cell, index) => {
      if (!cell.ok) this.#drop(index, `does not compile: ${withoutPlaces(cell.message)}`);
    });
  }

  /** The question's record. */
  async grade(question: QuestionSummary): Promise<QuestionRecord> {
    const { after, options } = this.#parts;
    if (performance.now() > options.deadline)
      return zero(question, "used-up-time", `grading took more than ${options.limits.learnerSeconds} s`);
    const absent = question.needs.filter((name) => !after[`name ${name}`]!.ok);
    if (absent.length > 0) return zero(question, "not-defined", this.#notDefined(absent));
    const cases: PropertyRecord[] = [];
    let ready: Ready | undefined;
    for (const property of question.properties) {
      const { typed } = property;
      // What the compiler says quotes the hidden snippet: the learner gets the property's own words.
      if (typed && !after[`types ${question.id} ${property.id}`]!.ok) {
        cases.push(missed(property, typed.otherwise.mistake, typed.otherwise.message));
        continue;
      }
      // Types earn nothing alone: a declaration without a value has them too. One start tells whether there is a value.
      if (!ready || (!typed && "program" in ready && ready.program.reason !== undefined))
        ready = await this.#start(question);
      if ("fault" in ready) cases.push(faulty(property, ready.fault));
      else if ("reason" in ready) cases.push(missed(property, "does-not-run", ready.reason));
      else if (ready.missing.length > 0)
        cases.push(missed(property, "not-defined", this.#notDefined(ready.missing)));
      else if (typed) cases.push(full(property));
      else cases.push(await this.#cases(question, property, ready.program));
    }
    if (ready && "program" in ready) await this.#end(ready.program);
    return questionRecord(question, cases);
  }

  /**
   * The record with a public input for each property that was judged and missed. The answer is asked in a program of its own, which has met
   * no hidden case that it could tell of. For after all questions are graded: what ends here must not change a score.
   */
  async withExamples(question: QuestionSummary, record: QuestionRecord): Promise<QuestionRecord> {
    const { exercise, options } = this.#parts;
    const path = exercise.public;
    const missed = record.properties.filter(({ id, points, outOf, fault, mistake }) => {
      const property = question.properties.find((each) => each.id === id);
      const wasJudged = mistake === undefined || !unjudged.has(mistake);
      return points < outOf && fault === undefined && wasJudged && property?.typed === undefined;
    });
    if (path === undefined || missed.length === 0 || performance.now() > options.deadline) return record;
    const examples = new Map<string, string>();
    let program: Supervised | undefined;
    try {
      const [known] = await options.judge.describe(path);
      const wanted = missed.filter(({ id }) => known?.properties.some((property) => property.id === id));
      const ready = wanted.length === 0 ? undefined : await this.#start(question);
      if (ready && "program" in ready) {
        program = ready.program;
        const deadline = performance.now() + question.seconds * 1000;
        for (const { id } of wanted) {
          const example = await this.#example(path, id, program, deadline);
          if (example !== null) examples.set(id, example);
        }
      }
    } catch (error) {
      if (!(error instanceof ExerciseFault)) throw error;
      // The score stands, and the record says what is missing.
      for (const { id } of missed) examples.set(id, "none, because the notebook's own check failed");
    } finally {
      await program?.end();
    }
    const properties = record.properties.map((each) => {
      const example = examples.get(each.id);
      return example === undefined ? each : { ...each, example };
    });
    return { ...record, properties };
  }

  /** What the notebook's own check says of the first public input that shows a property missed; null where none does. */
  async #example(path: string, id: string, program: Supervised, deadline: number): Promise<string | null> {
    const { judge } = this.#parts.options;
    for (const input of await judge.publicCases(path, id)) {
      const output = await ask(program, input, deadline);
      if (output === undefined) return null;
      const example = await judge.example(path, id, input, output);
      if (example !== null) return exampleFor(example);
    }
    return null;
  }

  /** Says that names are not there, and the first reason that the cells give for it. */
  #notDefined(names: readonly string[]): string {
    const [reason] = [...this.#dropped.values(), ...this.#failed.values()];
    return `${names.join(", ")} ${names.length === 1 ? "is" : "are"} not defined${reason === undefined ? "" : `; ${reason}`}`;
  }

  #drop(index: number, why: string): void {
    const line = `${this.#parts.place(index)} ${why}`;
    this.#dropped.set(index, line);
    this.notes.push(`${line}; it was left out`);
  }

  /** Runs the cells in a fresh program until it waits for cases, leaving out those that end it. */
  async #start(question: QuestionSummary): Promise<Ready> {
    for (;;) {
      const { exercise, options, cells, after, place } = this.#parts;
      const program = new Supervised(options.sandbox, {
        command: [process.execPath, options.programs.run],
        cwd: exercise.folder,
        ...readableFor(exercise, options.programs),
        limits: options.limits,
      });
      const job: RunJob = {
        cwd: exercise.folder,
        cells: cells.flatMap((cell, index) => (this.#dropped.has(index) ? [] : [{ index, cell }])),
        names: question.needs.map((name) => ({ name, cell: after[`name ${name}`]! })),
        drive: options.programs.driveOf(exercise),
        question: question.id,
      };
      program.send(JSON.stringify(job));
      const deadline = performance.now() + question.seconds * 1000;
      let at: number | undefined;
      for (let line = await program.next(deadline); line !== undefined; line = await program.next(deadline)) {
        const event = parseEvent(line);
        if (event === undefined) {
          await program.end("forged");
          break;
        }
        if ("ready" in event) return { program, missing: namesIn(event.missing, question.needs) };
        if ("cell" in event) at = Number.isInteger(event.cell) && event.cell in cells ? event.cell : at;
        else if (Number.isInteger(event.failed) && event.failed in cells && !this.#failed.has(event.failed)) {
          const why = `${place(event.failed)} stopped with an error: ${withoutPlaces(event.message)}`;
          this.#failed.set(event.failed, why);
          this.notes.push(why);
        }
      }
      await this.#end(program);
      const why = endings[program.reason ?? "exit"];
      // No code of the learner's has run, so whatever is missing here is missing on this machine: the engine, a package, memory.
      if (at === undefined)
        return { fault: `a learner's program ${why} before its first cell: ${program.stderr.slice(-1000)}` };
      if (this.#dropped.has(at) || this.#ended >= MOST_DROPPED) return { reason: `${place(at)} ${why}` };
      this.#ended++;
      this.#drop(at, why);
    }
  }
  #ended = 0;

  async #end(program: Supervised): Promise<void> {
    await program.end();
    this.isDoubtful ||= program.isDoubtful;
    this.#parts.options.onPeak?.(program.peakBytes);
  }

  async #cases(
    question: QuestionSummary,
    property: PropertySummary,
    program: Supervised,
  ): Promise<PropertyRecord> {
    const { exercise, learner, attempt, options } = this.#parts;
    const { hidden } = exercise;
    try {
      const draw = { learner, attempt, question: question.id, property: property.id };
      const seed = seedOf(options.secret, draw);
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
        if (!finding) continue;
        const bland = blandOf(output);
        const again = await options.judge.judge(hidden, question.id, property.id, input, bland);
        const { mistake, message } = feedbackFor(finding, again, bland);
        return missed(property, mistake, message);
      }
      return full(property);
    } catch (error) {
      if (!(error instanceof ExerciseFault)) throw error;
      return faulty(property, error.message);
    }
  }
}

/** The record of a question that earned nothing, for one reason. */
export function zero(question: QuestionSummary, mistake: string, message: string): QuestionRecord {
  return questionRecord(
    question,
    question.properties.map((property) => missed(property, mistake, message)),
  );
}

function full({ id, title, points }: PropertySummary): PropertyRecord {
  return { id, title, points, outOf: points };
}

/** What could not be judged by no fault of the learner's. */
function faulty({ id, title, points }: PropertySummary, fault: string): PropertyRecord {
  const message = "this property could not be judged; your instructor will look at it";
  return { id, title, points: 0, outOf: points, fault, message };
}

function missed({ id, title, points }: PropertySummary, mistake: string, message: string): PropertyRecord {
  return { id, title, points: 0, outOf: points, mistake, message };
}

function questionRecord(
  { id, title }: QuestionSummary,
  properties: readonly PropertyRecord[],
): QuestionRecord {
  return {
    id,
    title,
    points: total(properties, ({ points }) => points),
    outOf: total(properties, ({ outOf }) => outOf),
    properties,
  };
}
