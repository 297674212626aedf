// Prints how a notebook's run goes: a line for each finished cell, and on a terminal a live line for the running one.
import { formatSeconds } from "./duration";
import { joined, type Cell, type Notebook } from "./notebook";
import { cellIds } from "./normalise";
import { estimate, type Timings } from "./timings";
import type { ErrorEvent, Event } from "./runner";

/** Where to print, and what is known from earlier. */
export interface ProgressOptions {
  readonly name: string;
  /** The source's file name and the line of each cell's marker, every kind of cell counted. */
  readonly file: string;
  readonly lines: readonly number[];
  readonly timings: Timings;
  readonly write?: (text: string) => void;
  readonly terminal?: boolean;
}

/** Follows one run's events. Call `end()` when the run is over, however it ended. */
export class Progress {
  /** Seconds of each cell that finished, by cell id. */
  readonly measured: Record<string, number> = {};
  #ids: string[] = [];
  #cells: Cell[] = [];
  /** Indices of the cells that execute. */
  #code: number[] = [];
  #timer: NodeJS.Timeout | undefined;
  readonly #options: Required<ProgressOptions>;

  constructor(options: ProgressOptions) {
    this.#options = {
      write: (text) => process.stdout.write(text),
      terminal: process.stdout.isTTY,
      ...options,
    };
  }

  /** Prints what the event says. */
  onEvent(event: Event): void {
    if (event.event === "notebook") this.#begin(event.notebook);
    else if (event.event === "start") this.#start(event.cell);
    else if (event.event === "finish") this.#finish(event.cell, event.seconds);
  }

  /** Clears the live line. */
  end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.#options.terminal) this.#options.write("\r\x1b[K");
  }

  /** `cell 3 of 12 (01-x.ts:40: const depths = [20, 56];)`, counted as Jupyter counts, code cells only. */
  where(cell: number): string {
    const rows = joined(this.#cells[cell]?.source ?? "").split("\n");
    const index = Math.max(
      0,
      rows.findIndex((row) => row.trim() !== "" && !row.trim().startsWith("//")),
    );
    const first = rows[index]!.trim();
    const shown = first.length > 60 ? `${first.slice(0, 59)}…` : first;
    const { file, lines } = this.#options;
    return `cell ${this.#code.indexOf(cell) + 1} of ${this.#code.length} (${file}:${lines[cell]! + 1 + index}: ${shown})`;
  }

  /** The whole report of a failure: where, what, and the traceback. */
  describe(error: ErrorEvent): string {
    const place = error.cell === null ? "the kernel did not start" : this.where(error.cell);
    const detail =
      error.traceback.length > 0 ? error.traceback.join("\n") : `${error.ename}: ${error.evalue}`;
    const text = this.#options.terminal ? detail : withoutColours(detail);
    return `${this.#options.name} stopped in ${place}\n${text.trimEnd()}\n`;
  }

  #begin(notebook: Notebook): void {
    this.#cells = notebook.cells;
    this.#ids = cellIds(notebook.cells);
    this.#code = notebook.cells.flatMap((cell, index) =>
      cell.cell_type === "code" && joined(cell.source).trim() !== "" ? [index] : [],
    );
    const before = estimate(
      this.#options.timings,
      this.#code.map((index) => this.#ids[index]!),
    );
    const expected = before === null ? "" : `, ${formatSeconds(before)} last time`;
    this.#options.write(`${this.#options.name}: ${this.#code.length} code cells${expected}\n`);
  }

  #start(cell: number): void {
    if (!this.#options.terminal) return;
    const started = performance.now();
    const show = (): void => {
      const elapsed = (performance.now() - started) / 1000;
      this.#options.write(
        `\r\x1b[K  ${this.where(cell)} ${formatSeconds(elapsed)}${this.#left(cell, elapsed)}`,
      );
    };
    show();
    this.#timer = setInterval(show, 1000);
    this.#timer.unref();
  }

  #finish(cell: number, seconds: number): void {
    this.end();
    this.measured[this.#ids[cell]!] = seconds;
    this.#options.write(`  ${this.where(cell)} ${formatSeconds(seconds)}${this.#left(cell, Infinity)}\n`);
  }

  /** `, about 2 min 10 s left` from the times of an earlier run, where every remaining cell has one. */
  #left(cell: number, elapsed: number): string {
    const { timings } = this.#options;
    const id = this.#ids[cell]!;
    const after = estimate(
      timings,
      this.#code.filter((index) => index > cell).map((index) => this.#ids[index]!),
    );
    const own = elapsed === Infinity ? 0 : timings[id];
    if (after === null || own === undefined) return "";
    const left = after + Math.max(0, own - elapsed);
    return left < 1 ? "" : `, about ${formatSeconds(left)} left`;
  }
}

/** The text without terminal colours. */
export function withoutColours(text: string): string {
  // eslint-disable-next-line no-control-regex -- the escape character is what colours begin with
  return text.replaceAll(/\x1b\[[0-9;]*m/g, "");
}
