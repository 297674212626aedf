// What cells write to standard output and error, gathered into few messages without holding any back for long.

/** The two streams of a cell. */
export type StreamName = "stdout" | "stderr";

/** Text leaves when this many UTF-16 units have gathered... */
const mostUnits = 1 << 15;
/** ...or when the oldest has waited this long, in milliseconds; a computation that never yields cannot wait for a timer. */
const longestWait = 50;

/** Gathers writes; text leaves in the order in which it was written, as `send(name, text)`. */
export class Streams {
  readonly #send: (name: StreamName, text: string) => void;
  #name: StreamName = "stdout";
  #pieces: string[] = [];
  #units = 0;
  #since = 0;
  #scheduled: NodeJS.Immediate | undefined;

  constructor(send: (name: StreamName, text: string) => void) {
    this.#send = send;
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
    if (this.#units >= mostUnits || performance.now() - this.#since >= longestWait) this.flush();
  }

  /** Sends what has gathered. To be called before any other message, so that outputs keep their order. */
  flush(): void {
    if (this.#scheduled) clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    if (this.#pieces.length === 0) return;
    const text = this.#pieces.join("");
    this.#pieces = [];
    this.#units = 0;
    this.#send(this.#name, text);
  }

  /** Replaces the process's own standard output and error, so that `console` and libraries write into the notebook. */
  capture(target: NodeJS.Process): void {
    for (const name of ["stdout", "stderr"] as const) {
      const decoder = new TextDecoder();
      target[name].write = (
        chunk: string | Uint8Array,
        encoding?: BufferEncoding | ((error?: Error | null) => void),
        done?: (error?: Error | null) => void,
      ): boolean => {
        this.write(name, typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true }));
        const finished = typeof encoding === "function" ? encoding : done;
        if (finished) queueMicrotask(finished);
        return true;
      };
    }
  }
}
