// A line that is replaced as work goes on: with a bar in a notebook, in place in a terminal, whole lines in a file.
import { display, displayHook, newDisplayId } from "./display.js";
import { escapeHtml } from "./html.js";

/** Where a line that changes is shown. */
export interface LiveLine {
  /** Replaces the line. `fraction` is how much of the work is done, 0 to 1. A notebook shows `below`, HTML, under it. */
  live(text: string, fraction: number, below?: string): void;
  /** Replaces the line by one that stays. A notebook's line stays until the next. */
  lasting(text: string): void;
  /** Ends the display, with a last word if there is one; `fraction` is how much was done, all by default. */
  end(summary: string | undefined, fraction?: number): void;
}

/** A line named by what runs: an output of the cell in a notebook, else a line on standard error. */
export function liveLine(label: string): LiveLine {
  return displayHook() ? notebook(label) : terminal(label);
}

/** One output of the cell, replaced as the run goes on. */
function notebook(label: string): LiveLine {
  const displayId = newDisplayId("progress");
  let shown = false;
  const show = (text: string, fraction: number, below = ""): void => {
    const line = label === "" ? text : `${label}: ${text}`;
    const bundle = { "text/plain": line, "text/html": htmlBar(line, fraction) + below };
    display(bundle, { displayId, update: shown, transient: true });
    shown = true;
  };
  return {
    live: show,
    lasting: (text) => {
      show(text, 1);
    },
    end: (summary, fraction = 1) => {
      if (summary !== undefined) show(summary, fraction);
    },
  };
}

/** The part of Node's process that a terminal needs; a browser has none. */
interface TerminalProcess {
  readonly stderr?: { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown };
}

/** Standard error, so that a program's output stays its own; the console where there is none. */
function terminal(label: string): LiveLine {
  const { process } = globalThis as { process?: TerminalProcess };
  const stream = process?.stderr;
  const write = (line: string): void => {
    if (stream) stream.write(`${line}\n`);
    else console.log(line);
  };
  const isLive = stream?.isTTY === true;
  const clear = isLive ? "\r\x1b[K" : ""; // to the line's start, and erase it
  let started = label === "";
  const lasting = (line: string): void => {
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

const barWidth = 20;

/** A bar of 20 characters, such as `[####................]`. */
export function textBar(fraction: number): string {
  const filled = Math.round(barWidth * bounded(fraction));
  return `[${"#".repeat(filled)}${".".repeat(barWidth - filled)}]`;
}

/** What {@link textBar} draws. */
const drawnBar = new RegExp(`\\[(?=[#.]{${barWidth}}\\])#*\\.*\\] `);

/**
 * A bar and beside it the line, without the bar of characters that it has for terminals; what is too long for the page stands in two lines
 * beside the bar. The text may hold anything, a data set's name from a file included.
 */
export function htmlBar(text: string, fraction: number): string {
  const value = bounded(fraction).toFixed(3);
  const words = escapeHtml(text.replace(drawnBar, ""));
  return (
    `<progress value="${value}" max="1" style="width: 12em; float: left; margin: 0.2em 0.7em 0 0"></progress>` +
    `<code style="display: block; overflow: hidden; white-space: normal">${words}</code>`
  );
}

const bounded = (fraction: number): number => Math.min(Math.max(fraction, 0), 1);
