// Runs one confined program: talks with it line by line, and ends it when it exceeds what it may use.
import { spawn, type ChildProcess } from "node:child_process";
import { LINE_BYTES } from "../learner/wire";
import { treeUse } from "./process-tree";
import type { Program, Sandbox } from "./sandbox";

/** Why a program ended. */
export type EndReason = "exit" | "time" | "memory" | "output" | "line";

/** How often memory is looked at. A process fills about 100 MiB in that time. */
const WATCH_MS = 50;
const KEPT_STDERR = 4096;

/** A program behind walls. */
export class Supervised {
  /** The largest memory seen, in bytes. */
  peakBytes = 0;
  /** Why it ended, once it has. */
  reason: EndReason | undefined;
  stderr = "";
  readonly #child: ChildProcess;
  readonly #lines: string[] = [];
  readonly #watch: NodeJS.Timeout;
  readonly #ended: Promise<void>;
  #wake: () => void = () => undefined;
  #partial = "";
  #printed = 0;
  #closed = false;

  constructor(sandbox: Sandbox, program: Program) {
    const { file, args, env, cwd } = sandbox.wrap(program);
    const { limits } = program;
    // A group of its own: it can be ended whole where no pid namespace does so, and Ctrl-C does not reach it.
    const child = spawn(file, args, { cwd, env, stdio: ["pipe", "pipe", "pipe"], detached: true });
    this.#child = child;
    child.stdin.on("error", () => undefined); // it may have ended; `reason` tells
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.#count(text.length, limits.outputBytes);
      this.#receive(text);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#count(text.length, limits.outputBytes);
      this.stderr = (this.stderr + text).slice(0, KEPT_STDERR);
    });
    this.#watch = setInterval(() => {
      const { memoryBytes } = treeUse(child.pid!);
      this.peakBytes = Math.max(this.peakBytes, memoryBytes);
      if (memoryBytes > limits.memoryBytes) void this.end("memory");
    }, WATCH_MS);
    this.#ended = new Promise((resolve) => {
      const over = (): void => {
        clearInterval(this.#watch);
        this.reason ??= "exit";
        this.#closed = true;
        this.#wake();
        resolve();
      };
      child.once("error", over);
      child.once("close", over);
    });
  }

  /** Writes a line to the program. */
  send(line: string): void {
    if (!this.#closed) this.#child.stdin!.write(`${line}\n`);
  }

  /** The next line, or undefined once the program has ended or `deadline` (of `performance.now()`) has passed, which ends it. */
  async next(deadline: number): Promise<string | undefined> {
    while (this.#lines.length === 0 && !this.#closed) {
      const left = deadline - performance.now();
      if (left <= 0) {
        await this.end("time");
        break;
      }
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        timer = setTimeout(resolve, left);
      });
      clearTimeout(timer);
    }
    return this.reason === "time" ? undefined : this.#lines.shift();
  }

  /** Ends the program and all it started. */
  async end(reason: EndReason = "exit"): Promise<void> {
    this.reason ??= reason;
    if (!this.#closed && this.#child.pid !== undefined) {
      for (const pid of treeUse(this.#child.pid).pids) kill(pid);
      kill(-this.#child.pid);
    }
    // A process that escaped its group could hold the pipes open.
    this.#child.stdout!.destroy();
    this.#child.stderr!.destroy();
    await this.#ended;
  }

  #count(characters: number, most: number): void {
    this.#printed += characters;
    if (this.#printed > most) void this.end("output");
  }

  #receive(text: string): void {
    const parts = (this.#partial + text).split("\n");
    this.#partial = parts.pop()!;
    for (const line of parts) this.#lines.push(line);
    if (this.#partial.length > LINE_BYTES) void this.end("line");
    this.#wake();
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it has ended
  }
}
