// Runs one confined program: talks with it line by line over a private channel, and ends it when it exceeds what it may use.
import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { KEY_CHARACTERS } from "../learner/channel";
import { LINE_BYTES } from "../learner/wire";
import { LineBuffer } from "./lines";
import { filesIn, treeUse } from "./process-tree";
import type { Program, Sandbox, Start } from "./sandbox";

/** Why a program ended. `forged`: something without the channel's key was written to it. */
export type EndReason = "exit" | "time" | "memory" | "files" | "output" | "line" | "forged";

/** How often memory is looked at. A process fills about 100 MiB in that time. */
const WATCH_MS = 50;
const KEPT_STDERR = 4096;
/** Bytes that may wait to be read before the program has to. */
const WAITING_BYTES = 1 << 20;
/** Lines given without a pause in which other programs have their turn. */
const LINES_A_TURN = 64;
/** A program that waited for a processor, or for this process to listen, for more than this share of its time was not slow by its own fault. */
const STARVED_SHARE = 0.2;

/** Moves the pipes to descriptors of their own, so that what is printed, or listens to standard input, does not meet the protocol. */
const privately = ["/bin/sh", "-c", 'exec "$@" 3<&0 4>&1 </dev/null >&2', "sh"];

/** A program behind walls. */
export class Supervised {
  /** The largest memory seen, in bytes. */
  peakBytes = 0;
  /** Why it ended, once it has. */
  reason: EndReason | undefined;
  /** Whether it ended for want of time that others may have taken, or of memory: worth another try, alone. */
  isDoubtful = false;
  stderr = "";
  readonly #child: ChildProcess;
  readonly #stop: Start["stop"];
  readonly #env: Start["env"];
  readonly #lines = new LineBuffer();
  readonly #watch: NodeJS.Timeout;
  readonly #ended: Promise<void>;
  readonly #key = randomBytes(KEY_CHARACTERS / 2).toString("hex");
  #began = performance.now();
  /** How long the program had waited for a processor at the last look, in milliseconds; and at the look before it was sent its question. */
  #waitedMs = 0;
  #waitedBefore = 0;
  readonly #restsUnasked: boolean;
  #isAsked = false;
  #lastLook = performance.now();
  /** How long this process was busy with other programs' answers while it should have looked at this one, in milliseconds. */
  #unheardMs = 0;
  #wake: () => void = () => undefined;
  #printed = 0;
  #given = 0;
  #closed = false;
  #stopped = false;

  /** @param options.restsUnasked it runs no code of a learner's, so that nothing need be looked at while no question is with it */
  constructor(sandbox: Sandbox, program: Program, { restsUnasked = false } = {}) {
    this.#restsUnasked = restsUnasked;
    const { file, args, env, cwd, stop, whyItEnded } = sandbox.wrap({
      ...program,
      command: [...privately, ...program.command],
    });
    const { limits } = program;
    // A group of its own: it can be ended whole where no pid namespace does so, and Ctrl-C does not reach it.
    const child = spawn(file, args, { cwd, env, stdio: ["pipe", "pipe", "pipe"], detached: true });
    this.#child = child;
    this.#stop = stop;
    this.#env = env;
    child.stdin.on("error", () => undefined); // it may have ended; `reason` tells
    child.stdin.write(`${this.#key}\n`);
    child.stdout.on("data", (piece: Buffer) => {
      this.#count(piece.length, limits.outputBytes);
      this.#receive(piece);
    });
    child.stderr.on("data", (piece: Buffer) => {
      this.#count(piece.length, limits.outputBytes);
      if (this.stderr.length < KEPT_STDERR)
        this.stderr = (this.stderr + piece.toString("utf8")).slice(0, KEPT_STDERR);
    });
    this.#watch = setInterval(() => {
      this.#unheardMs += this.#lateness();
      this.#lastLook = performance.now();
      if (this.#restsUnasked && !this.#isAsked) return;
      const { memoryBytes, pids, waitedMs } = treeUse(child.pid!);
      this.#waitedMs = waitedMs;
      this.peakBytes = Math.max(this.peakBytes, memoryBytes);
      if (memoryBytes > limits.memoryBytes) void this.end("memory");
      else if (filesIn(pids, sandbox.scratch ?? []) > limits.files) void this.end("files");
    }, WATCH_MS);
    this.#ended = new Promise((resolve) => {
      const over = async (code?: number | null): Promise<void> => {
        clearInterval(this.#watch);
        if (whyItEnded && this.reason === undefined && code !== 0) {
          const why = await printed(
            spawn(whyItEnded.file, whyItEnded.args, { env, stdio: ["ignore", "pipe", "ignore"] }),
          );
          if (why.includes("oom-kill")) {
            this.reason ??= "memory";
            this.isDoubtful = true;
          }
        }
        this.reason ??= "exit";
        this.#closed = true;
        this.#wake();
        resolve();
      };
      child.once("error", () => void over(0));
      child.once("close", (code) => void over(code));
    });
  }

  /** Writes a line to the program. Its time begins anew. */
  send(line: string): void {
    if (this.#closed) return;
    this.#began = this.#lastLook = performance.now();
    this.#unheardMs = 0;
    // Looking now would take longer than most answers do; the last look is hardly older.
    this.#waitedBefore = this.#waitedMs;
    this.#isAsked = true;
    this.#child.stdin!.write(`${line}\n`);
  }

  /** The next line, or undefined once the program has ended or `deadline` (of `performance.now()`) has passed, which ends it. */
  async next(deadline: number): Promise<string | undefined> {
    if (++this.#given % LINES_A_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
    for (;;) {
      const left = deadline - performance.now();
      // Also while lines wait: there may be no end of them.
      if (left <= 0 && !this.#closed) await this.end("time");
      if (this.reason === "time" || this.reason === "forged") return undefined;
      if (this.#lines.hasLine || this.#closed) break;
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        timer = setTimeout(resolve, left);
      });
      clearTimeout(timer);
    }
    const line = this.#lines.take();
    if (this.#lines.bytes < WAITING_BYTES) this.#child.stdout!.resume();
    if (line === undefined) return undefined;
    this.#isAsked = false;
    if (line.startsWith(`${this.#key} `)) return line.slice(KEY_CHARACTERS + 1);
    await this.end("forged");
    return undefined;
  }

  /** Ends the program and all it started. */
  async end(reason: EndReason = "exit"): Promise<void> {
    this.reason ??= reason;
    if (!this.#closed && this.#child.pid !== undefined) {
      const { pids, memoryBytes, waitedMs } = treeUse(this.#child.pid);
      this.peakBytes = Math.max(this.peakBytes, memoryBytes);
      const [waited, unheard] = [waitedMs - this.#waitedBefore, this.#unheardMs + this.#lateness()];
      const bearable = STARVED_SHARE * (performance.now() - this.#began);
      if (reason === "memory" || (reason === "time" && !(waited < bearable && unheard < bearable)))
        this.isDoubtful = true;
      for (const pid of pids) kill(pid);
      kill(-this.#child.pid);
    }
    if (this.#stop && !this.#stopped) {
      this.#stopped = true;
      await ended(spawn(this.#stop.file, this.#stop.args, { env: this.#env, stdio: "ignore" }));
    }
    // A process that escaped its group could hold the pipes open.
    this.#child.stdout!.destroy();
    this.#child.stderr!.destroy();
    await this.#ended;
  }

  /** How much later than it should be the next look is by now. */
  #lateness(): number {
    return Math.max(0, performance.now() - this.#lastLook - 2 * WATCH_MS);
  }

  #count(bytes: number, most: number): void {
    this.#printed += bytes;
    if (this.#printed > most) void this.end("output");
  }

  #receive(piece: Buffer): void {
    this.#lines.push(piece);
    if (this.#lines.bytes > LINE_BYTES && !this.#lines.hasLine) void this.end("line");
    else if (this.#lines.bytes > WAITING_BYTES && this.#lines.hasLine) this.#child.stdout!.pause();
    this.#wake();
  }
}

/** When a command has ended, or could not be started. */
function ended(command: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    command.once("error", () => {
      resolve();
    });
    command.once("close", () => {
      resolve();
    });
  });
}

/** What a command prints until it ends; nothing where it could not be started. */
async function printed(command: ChildProcess): Promise<string> {
  let text = "";
  command.stdout!.on("data", (piece: Buffer) => (text += piece.toString("utf8")));
  await ended(command);
  return text;
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it has ended
  }
}
