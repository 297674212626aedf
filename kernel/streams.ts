// What cells write to standard output and error: few messages, nothing held for long, and a bound on a cell that floods.
import { OutputBound } from "./output-bound";
import { Pace } from "./pace";

/** The two streams of a cell. */
export type StreamName = "stdout" | "stderr";

/** Sends a text on. */
export type SendText = (name: StreamName, text: string) => void;

/** Text leaves when this many UTF-16 units have gathered... */
const mostUnits = 1 << 15;
/** ...or when the oldest has waited this long, in milliseconds; a computation that never yields cannot wait for a timer. */
const longestWait = 50;
/** So many texts may leave as they are written: what a cell says before a long computation is to be seen before its end... */
const mostHurries = 10;
/** ...and another one each time so many milliseconds have passed. */
const hurryInterval = 10;

/** Gathers writes; text leaves in the order in which it was written, as `send(name, text)`. */
export class Streams {
  readonly #bound: OutputBound;
  readonly #env: NodeJS.ProcessEnv;
  #name: StreamName = "stdout";
  #pieces: string[] = [];
  #units = 0;
  #since = 0;
  #hurries = mostHurries;
  #hurriedAt = 0;
  #scheduled: NodeJS.Immediate | undefined;

  constructor(send: SendText, env: NodeJS.ProcessEnv = process.env) {
    this.#env = env;
    const pace = new Pace(env);
    this.#bound = new OutputBound((name, text) => {
      pace.take(text);
      send(name, text);
    });
  }

  /** Opens a cell: it may write as much as any. */
  begin(): void {
    this.flush();
    this.#bound.begin(this.#env);
  }

  /** Closes a cell, before its result or error is sent: says what was left out of a flood, and sends its end. */
  end(): void {
    this.flush();
    this.#bound.end();
  }

  /** Takes a piece of text. */
  write(name: StreamName, text: string): void {
    if (text === "") return;
    if (name !== this.#name) this.flush();
    this.#name = name;
    if (this.#pieces.length === 0) {
      this.#since = performance.now();
      this.#scheduled = setImmediate(() => {
        this.flush();
      });
    }
    this.#pieces.push(text);
    this.#units += text.length;
    const now = performance.now();
    if (this.#mayHurry(now) || this.#units >= mostUnits || now - this.#since >= longestWait) this.flush();
  }

  #mayHurry(now: number): boolean {
    this.#hurries = Math.min(mostHurries, this.#hurries + (now - this.#hurriedAt) / hurryInterval);
    this.#hurriedAt = now;
    if (this.#hurries < 1) return false;
    this.#hurries--;
    return true;
  }

  /** Sends what has gathered. To be called before any other message, so that outputs keep their order. */
  flush(): void {
    if (this.#scheduled) clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    if (this.#pieces.length === 0) return;
    const text = this.#pieces.join("");
    this.#pieces = [];
    this.#units = 0;
    this.#bound.write(this.#name, text);
  }

  /**
   * Replaces the process's own standard output and error, so that `console` and libraries write into the notebook. Under nbgrader
   * a cell's standard error goes to its output: nbgrader gives a cell that wrote to standard error no points, right or wrong.
   */
  capture(target: NodeJS.Process): void {
    const callbacks = new Callbacks();
    const isGraded = this.#env["NBGRADER_EXECUTION"] !== undefined;
    for (const name of ["stdout", "stderr"] as const) {
      const decoder = new TextDecoder();
      const shownAs = isGraded ? "stdout" : name;
      target[name].write = (
        chunk: string | Uint8Array,
        encoding?: BufferEncoding | ((error?: Error | null) => void),
        done?: (error?: Error | null) => void,
      ): boolean => {
        this.write(shownAs, typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true }));
        const finished = typeof encoding === "function" ? encoding : done;
        if (finished) callbacks.add(finished);
        return true;
      };
    }
  }
}

/**
 * Callbacks of writes, called in order once the writer yields. The console passes the same one every time, and a loop that never yields
 * writes millions of times: they are counted, not queued one by one.
 */
class Callbacks {
  #runs: { readonly call: () => void; count: number }[] = [];

  add(call: () => void): void {
    if (this.#runs.length === 0)
      queueMicrotask(() => {
        this.#flush();
      });
    const last = this.#runs.at(-1);
    if (last?.call === call) last.count++;
    else this.#runs.push({ call, count: 1 });
  }

  #flush(): void {
    const runs = this.#runs;
    this.#runs = [];
    // eslint-disable-next-line @typescript-eslint/prefer-for-of -- this runs amid a cell, which may have changed the iterator of arrays
    for (let at = 0; at < runs.length; at++) for (let i = 0; i < runs[at]!.count; i++) runs[at]!.call();
  }
}
