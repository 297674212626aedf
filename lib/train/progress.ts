// Shows how training goes: a live bar in a notebook, a line in a terminal, or a call of the reader's own function.
import { display, displayHook } from "../plot/display.js";
import type { EpochRecord } from "./metrics.js";
import { describe, describeEpoch, htmlBar } from "./progress-text.js";

/** Where a run is. */
export interface ProgressReport {
  readonly phase: "training" | "validation" | "evaluation";
  /** How much of the phase is done, of `of`: steps of the epoch in training, images otherwise. */
  readonly done: number;
  readonly of: number;
  /** From 1; absent in evaluation. */
  readonly epoch?: number;
  readonly epochs?: number;
  /** Means so far over this phase. */
  readonly loss: number;
  readonly accuracy: number;
  readonly imagesPerSecond: number;
  /** Until the run's end at the speed so far. */
  readonly secondsLeft: number;
}

/** `auto`: a live bar in a notebook, a line in a terminal, a line an epoch elsewhere. `none`. Or a function to call. */
export type ProgressOption = "auto" | "none" | ((report: ProgressReport) => void);

/** A running display. */
export interface Progress {
  /** Shows where the run is, unless it was shown less than a quarter of a second ago. */
  update(report: ProgressReport): void;
  /** Shows a finished epoch; in a terminal its line stays. */
  epoch(record: EpochRecord, epochs: number): void;
  /** Ends the display, with a last word if there is one. */
  end(summary?: string): void;
}

/** When a display starts. */
export interface ProgressTiming {
  /** Nothing is shown before so many seconds; 0 by default. */
  readonly delaySeconds?: number;
}

/** How a place shows progress. */
interface Surface {
  live(text: string, report?: ProgressReport): void;
  lasting(text: string): void;
  end(summary: string | undefined): void;
}

const secondsBetween = 0.25;

/** Starts a display named by what runs, such as `cifarResNet on cifar-10`. */
export function startProgress(
  option: ProgressOption,
  label: string,
  { delaySeconds = 0 }: ProgressTiming = {},
): Progress {
  if (option === "none") return { update: ignore, epoch: ignore, end: ignore };
  const surface = option === "auto" ? (displayHook() ? notebook(label) : terminal(label)) : undefined;
  let next = performance.now() + 1000 * delaySeconds;
  return {
    update(report) {
      if (performance.now() < next) return;
      next = performance.now() + 1000 * secondsBetween;
      if (typeof option === "function") option(report);
      else surface?.live(describe(report), report);
    },
    epoch(record, epochs) {
      surface?.lasting(describeEpoch(record, epochs));
    },
    end(summary) {
      surface?.end(summary);
    },
  };
}

function ignore(): void {
  // Silence was asked for.
}

let displays = 0;

/** One output of the cell, replaced as the run goes on. */
function notebook(label: string): Surface {
  // The time keeps a restarted kernel from writing into an output of the one before.
  const displayId = `residual.progress.${Date.now().toString(36)}.${++displays}`;
  let shown = false;
  const show = (text: string, fraction: number) => {
    const line = `${label}: ${text}`;
    const bundle = { "text/plain": line, "text/html": htmlBar(line, fraction) };
    display(bundle, { displayId, update: shown, transient: true });
    shown = true;
  };
  return {
    live: (text, report) => {
      show(text, report ? report.done / report.of : 0);
    },
    lasting: (text) => {
      show(text, 1);
    },
    end: (summary) => {
      if (summary !== undefined) show(summary, 1);
    },
  };
}

/** The part of Node's process that a terminal needs; a browser has none. */
interface TerminalProcess {
  readonly stderr?: { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown };
}

/** Standard error, so that a program's output stays its own; the console where there is none. */
function terminal(label: string): Surface {
  const { process } = globalThis as { process?: TerminalProcess };
  const stream = process?.stderr;
  const write = (line: string) => {
    if (stream) stream.write(`${line}\n`);
    else console.log(line);
  };
  const isLive = stream?.isTTY === true;
  const clear = isLive ? "\r\x1b[K" : ""; // to the line's start, and erase it
  let started = false;
  const lasting = (line: string) => {
    if (!started) write(`${clear}${label}`);
    started = true;
    write(`${clear}${line}`);
  };
  let pending = false;
  return {
    live(text) {
      if (!isLive) return;
      // One column stays free: a full line would wrap and never be overwritten.
      stream.write(`\r\x1b[K${text.slice(0, (stream.columns ?? 80) - 1)}`);
      pending = true;
    },
    lasting(text) {
      lasting(text);
      pending = false;
    },
    end(summary) {
      if (summary !== undefined) lasting(summary);
      else if (pending) stream?.write(clear);
    },
  };
}
