// What cells write to standard output and error: few messages, nothing held for long, and a bound on a cell that floods.
import { clearImmediate, setImmediate } from "node:timers";
import { library } from "./intrinsics";
import { OutputBound, type SendText, type StreamName } from "./output-bound";
import { Pace } from "./pace";

// Taken before any cell can change them.
const { apply } = Reflect;
const later = queueMicrotask;
const ownClock = performance.now.bind(performance);

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
  /** Milliseconds. */
  readonly #clock: () => number;
  #name: StreamName = "stdout";
  #text = "";
  #since = 0;
  #hurries = mostHurries;
  #hurriedAt = 0;
  #scheduled: NodeJS.Immediate | undefined;

  constructor(send: SendText, env: NodeJS.ProcessEnv = process.env, clock = ownClock) {
    this.#clock = clock;
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
    const at = this.#clock();
    if (this.#text === "") {
      this.#since = at;
      this.#scheduled = setImmediate(() => {
        this.flush();
      });
    }
    this.#text += text;
    if (this.#mayHurry(at) || this.#text.length >= mostUnits || at - this.#since >= longestWait) this.flush();
  }

  #mayHurry(at: number): boolean {
    const hurries = this.#hurries + (at - this.#hurriedAt) / hurryInterval;
    this.#hurries = hurries > mostHurries ? mostHurries : hurries;
    this.#hurriedAt = at;
    if (this.#hurries < 1) return false;
    this.#hurries--;
    return true;
  }

  /** Sends what has gathered. To be called before any other message, so that outputs keep their order. */
  flush(): void {
    if (this.#scheduled) clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    const text = this.#text;
    if (text === "") return;
    this.#text = "";
    library.during(() => {
      this.#bound.write(this.#name, text);
    });
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
      const write = (
        chunk: string | Uint8Array,
        encoding?: BufferEncoding | ((error?: Error | null) => void),
        done?: (error?: Error | null) => void,
      ): boolean => {
        const written =
          typeof chunk === "string" && !isUtf8(encoding)
            ? Buffer.from(chunk, encoding as BufferEncoding)
            : chunk;
        this.write(
          shownAs,
          typeof written === "string" ? written : decoder.decode(written, { stream: true }),
        );
        const finished = typeof encoding === "function" ? encoding : done;
        if (finished) callbacks.add(finished);
        return true;
      };
      // What a cell ends it with is shown too; later cells go on to write.
      const end = (last: unknown = "", ...rest: never[]): NodeJS.WriteStream => {
        if (typeof last === "function") write("", last as () => void);
        else write((last ?? "") as string, ...rest);
        return target[name];
      };
      Object.assign(target[name], { write, end });
    }
  }
}

/** Whether what `write` was given as an encoding leaves a string as it is; others, such as "hex", tell which bytes the string stands for. */
const isUtf8 = (encoding: unknown): boolean =>
  typeof encoding !== "string" || encoding === "" || /^utf-?8$/i.test(encoding);

/**
 * Callbacks of writes, called in order once the writer yields. The console passes the same one every time, and a loop that never yields
 * writes millions of times: they are counted, not queued one by one.
 */
class Callbacks {
  #last: { readonly call: () => void; count: number } | undefined;

  add(call: () => void): void {
    if (this.#last?.call === call) {
      this.#last.count++;
      return;
    }
    const run = { call, count: 1 };
    this.#last = run;
    later(() => {
      if (this.#last === run) this.#last = undefined;
      for (let i = 0; i < run.count; i++) apply(call, undefined, []);
    });
  }
}
