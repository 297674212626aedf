// The grader's side of the judge: starts its program within bounds, asks, and starts it anew should it die or say what was not asked.
import { randomUUID } from "node:crypto";
import { join, resolve } from "node:path";
import type { check } from "residual";
import { decode, encode, MESSAGE_DEPTH } from "../learner/wire";
import { bounded, defaultLimits, type Limits } from "../sandbox/sandbox";
import { Supervised, type EndReason } from "../sandbox/supervise";
import type { JudgeReply, JudgeRequest, QuestionSummary } from "./protocol";

/** A mistake in an exercise's hidden checks. */
export class ExerciseFault extends Error {}

/** What a judge may use. The checks are the course's own; their mistakes may cost an exercise and never the class. */
export interface JudgeOptions {
  /** For one question to it, in milliseconds; 120,000 unless said. */
  readonly patienceMs?: number;
  readonly limits?: Limits;
}

const root = resolve(__dirname, "..", "..", "..");

const endings: Record<EndReason, string> = {
  exit: "ended their process",
  time: "did not answer in time",
  memory: "need more memory than is allowed",
  files: "make more files than are allowed",
  output: "print more than is allowed",
  line: "gave an answer that is too large",
  forged: "wrote to the grader's own channel",
};

/** A judge for one thing at a time. */
export class Judge {
  #program: Supervised | undefined;
  readonly #patienceMs: number;
  readonly #limits: Limits;

  constructor({ patienceMs = 120_000, limits = defaultLimits }: JudgeOptions = {}) {
    this.#patienceMs = patienceMs;
    this.#limits = limits;
  }

  /** The questions of an exercise. */
  async describe(hidden: string): Promise<readonly QuestionSummary[]> {
    const reply = await this.#ask({ op: "describe", hidden });
    return (reply as { questions: readonly QuestionSummary[] }).questions;
  }

  /** The inputs of a property for a learner's seed. */
  async cases(
    hidden: string,
    question: string,
    property: string,
    seed: number,
  ): Promise<readonly check.Plain[]> {
    const reply = await this.#ask({ op: "cases", hidden, question, property, seed });
    return (reply as { cases: readonly check.Plain[] }).cases;
  }

  /** What is wrong with an output. */
  async judge(
    hidden: string,
    question: string,
    property: string,
    input: check.Plain,
    output: check.Output,
  ): Promise<check.Finding | null> {
    const reply = await this.#ask({ op: "judge", hidden, question, property, input, output });
    return (reply as { finding: check.Finding | null }).finding;
  }

  /** The inputs that a notebook's own check asks a property with. */
  async publicCases(path: string, property: string): Promise<readonly check.Plain[]> {
    const reply = await this.#ask({ op: "publicCases", hidden: path, property });
    return (reply as { cases: readonly check.Plain[] }).cases;
  }

  /** What the notebook's own check says of an output that is wrong: the input, what was expected and what came, in words. */
  async example(
    path: string,
    property: string,
    input: check.Plain,
    output: check.Output,
  ): Promise<string | null> {
    const reply = await this.#ask({ op: "example", hidden: path, property, input, output });
    return (reply as { example: string | null }).example;
  }

  /** Ends the judge's program. */
  async close(): Promise<void> {
    await this.#program?.end();
    this.#program = undefined;
  }

  async #ask(request: JudgeRequest): Promise<JudgeReply> {
    const isUsed = this.#program !== undefined;
    let reply = await this.#askOnce(request);
    // What was asked before, of others' answers, may have been too much, rather than this.
    if ("ended" in reply && isUsed) reply = await this.#askOnce(request);
    if ("ended" in reply) throw new ExerciseFault(`the hidden checks of ${request.hidden} ${reply.ended}`);
    if ("fault" in reply) throw new ExerciseFault(reply.fault);
    return reply;
  }

  /** The reply, or how the program ended that was to give one. */
  async #askOnce(request: JudgeRequest): Promise<JudgeReply | { readonly ended: string }> {
    const program = (this.#program ??= this.#start());
    const id = randomUUID();
    program.send(encode({ id, request }, MESSAGE_DEPTH));
    const line = await program.next(performance.now() + this.#patienceMs);
    const reply = line === undefined ? undefined : parseReply(line, id);
    if (reply !== undefined) return reply;
    await program.end("forged");
    this.#program = undefined;
    return { ended: `${endings[program.reason ?? "exit"]}: ${program.stderr.slice(-1000)}` };
  }

  #start(): Supervised {
    const main = join(__dirname, "main.ts");
    return new Supervised(
      bounded({ TF_CPP_MIN_LOG_LEVEL: "3" }),
      {
        command: [process.execPath, "-r", "./tools/typescript.cjs", main],
        cwd: root,
        readable: [],
        hidden: [],
        limits: this.#limits,
      },
      { restsUnasked: true },
    );
  }
}

/** The answer to the question `id`, or undefined for any other line. */
function parseReply(line: string, id: string): JudgeReply | undefined {
  const value = decode(line, MESSAGE_DEPTH) as { id?: check.Plain; reply?: check.Plain } | null;
  return value?.id === id ? (value.reply as unknown as JudgeReply) : undefined;
}
