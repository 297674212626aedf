// A bound on what one cell shows as text: the beginning and the end of a flood, and a line between them that says what is missing.

/** The two streams of a cell. */
export type StreamName = "stdout" | "stderr";

/** Sends a text on. */
export type SendText = (name: StreamName, text: string) => void;

/** Megabytes (10^6 UTF-16 units) that a cell shows unless it is asked for more: 100,000 long lines. */
const defaultMegabytes = 10;
/** Units kept for the end of a flood. */
const mostTail = 1 << 16;
const variable = "RESIDUAL_OUTPUT_MB";

/** Megabytes that a cell may print; a value shown has a tenth of that. */
export function shownMegabytes(env: NodeJS.ProcessEnv): number {
  const wanted = Number(env[variable] ?? defaultMegabytes);
  return wanted > 0 ? wanted : defaultMegabytes;
}

/** Passes text on up to the bound; from there on it counts, and keeps the latest. Its memory is bounded too. */
export class OutputBound {
  readonly #send: SendText;
  #megabytes = defaultMegabytes;
  /** Units that may still be sent. */
  #left = 1e6 * defaultMegabytes;
  /** The latest of what was kept back, oldest first. */
  #tail: [StreamName, string][] = [];
  #tailUnits = 0;
  #keptUnits = 0;
  #keptLines = 0;

  constructor(send: SendText) {
    this.#send = send;
  }

  /** Starts anew. The bound is read each time, so that a cell can set it for those after it. */
  begin(env: NodeJS.ProcessEnv): void {
    this.end();
    this.#megabytes = shownMegabytes(env);
    this.#left = 1e6 * this.#megabytes;
  }

  /** Takes a text: sends it, or as much of it as the bound leaves, and keeps the rest back. */
  write(name: StreamName, text: string): void {
    if (this.#keptUnits === 0 && text.length <= this.#left) {
      this.#left -= text.length;
      this.#send(name, text);
      return;
    }
    if (this.#keptUnits === 0) {
      // Whole lines, where there is one: a cut number would be a wrong number.
      const cut = text.lastIndexOf("\n", this.#left) + 1;
      if (cut > 0) this.#send(name, text.slice(0, cut));
      this.#send(
        "stdout",
        `\n… This cell has written ${String(this.#megabytes)} MB. What follows is kept back; its end is shown when the cell ends.\n`,
      );
      this.#left = 0;
      text = text.slice(cut);
    }
    this.#keep(name, text);
  }

  /** Sends what is to be known of a flood, and its end. */
  end(): void {
    if (this.#keptUnits === 0) return;
    const tail = this.#tail;
    const [first] = tail;
    // The oldest piece may be cut anywhere: it begins at a line.
    if (first && this.#tailUnits < this.#keptUnits) first[1] = first[1].slice(first[1].indexOf("\n") + 1);
    const shown = tail.map(([, text]) => text);
    const missingUnits = this.#keptUnits - shown.reduce((sum, text) => sum + text.length, 0);
    const missingLines = this.#keptLines - shown.reduce((sum, text) => sum + lineCount(text), 0);
    if (missingUnits > 0)
      this.#send(
        "stdout",
        `… ${missingLines.toLocaleString("en")} lines (${(missingUnits / 1e6).toFixed(1)} MB) are left out here. A cell shows ${String(this.#megabytes)} MB; ` +
          `to see all, write to a file, or run \`process.env.${variable} = "${String(Math.ceil((this.#keptUnits * 1.1) / 1e6) + this.#megabytes)}"\` in a cell before.\n`,
      );
    for (const [name, text] of tail) this.#send(name, text);
    this.#tail = [];
    this.#tailUnits = this.#keptUnits = this.#keptLines = 0;
  }

  #keep(name: StreamName, text: string): void {
    this.#keptUnits += text.length;
    this.#keptLines += lineCount(text);
    const kept = text.slice(-mostTail);
    this.#tail.push([name, kept]);
    this.#tailUnits += kept.length;
    while (this.#tailUnits - this.#tail[0]![1].length >= mostTail)
      this.#tailUnits -= this.#tail.shift()![1].length;
  }
}

function lineCount(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
