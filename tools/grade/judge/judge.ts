// The grader's side of the judge: starts its program, asks, and starts it anew should it die.
import { spawn, type ChildProcess } from "node:child_process";
import { join, resolve } from "node:path";
import { createInterface, type Interface } from "node:readline";
import type { check } from "residual";
import { decode, encode } from "../learner/wire";
import type { JudgeReply, JudgeRequest, QuestionSummary } from "./protocol";

/** A mistake in an exercise's hidden checks. */
export class ExerciseFault extends Error {}

/** How long one question to the judge may take. */
const PATIENCE_MS = 120_000;
const root = resolve(__dirname, "..", "..", "..");

/** A judge for one thing at a time. */
export class Judge {
  #child: ChildProcess | undefined;
  #lines: Interface | undefined;

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

  /** Ends the judge's program. */
  close(): void {
    this.#child?.kill("SIGKILL");
    this.#child = undefined;
  }

  async #ask(request: JudgeRequest): Promise<JudgeReply> {
    const child = (this.#child ??= this.#start());
    const reply = new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => {
        fail(`did not answer within ${PATIENCE_MS / 1000} s`);
      }, PATIENCE_MS);
      const settle = (): void => {
        clearTimeout(timer);
        child.off("close", onClose);
        this.#lines!.off("line", onLine);
      };
      const fail = (why: string): void => {
        settle();
        this.close();
        reject(new ExerciseFault(`the hidden checks of ${request.hidden} ${why}`));
      };
      const onClose = (): void => {
        fail("ended their process");
      };
      const onLine = (line: string): void => {
        settle();
        resolve(line);
      };
      child.once("close", onClose);
      this.#lines!.on("line", onLine);
    });
    child.stdin!.write(`${encode(request)}\n`);
    const answer = decode(await reply) as unknown as JudgeReply;
    if ("fault" in answer) throw new ExerciseFault(answer.fault);
    return answer;
  }

  #start(): ChildProcess {
    const child = spawn(
      process.execPath,
      ["-r", "ts-node/register/transpile-only", join(__dirname, "main.ts")],
      {
        cwd: root,
        stdio: ["pipe", "pipe", "ignore"],
        env: { ...process.env, TS_NODE_PROJECT: join(root, "tsconfig.json"), TF_CPP_MIN_LOG_LEVEL: "3" },
      },
    );
    child.stdin.on("error", () => undefined); // its end is what `close` tells
    this.#lines = createInterface({ input: child.stdout });
    return child;
  }
}
