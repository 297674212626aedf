// Executes one notebook source and writes the notebook, or leaves the old one as it was.
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { writeBytesAtomically } from "../../lib/files/files.node";
import { setting } from "../../lib/runtime/setting";
import { formatNotebook, type Notebook } from "./notebook";
import { normalise } from "./normalise";
import { Progress } from "./progress";
import { runPython, type ErrorEvent } from "./runner";
import { cellLines, type NotebookPaths } from "./source";
import type { Timings } from "./timings";

const root = resolve(__dirname, "..", "..");

/** How a notebook is executed. */
export interface RunNotebookOptions {
  readonly python: string;
  /** The kernelspec's name. */
  readonly kernel?: string;
  /** Seconds that one cell may take. */
  readonly timeout?: number;
  /** Threads that one operation of TensorFlow may use; all cores by default. */
  readonly threads?: number;
  readonly timings?: Timings;
  readonly signal?: AbortSignal;
  readonly write?: (text: string) => void;
  readonly terminal?: boolean;
}

/** What one run gave. */
export interface RunResult {
  readonly name: string;
  readonly ok: boolean;
  readonly stopped: boolean;
  /** Wall time from the kernel's start to its last reply; 0 when the run did not complete. */
  readonly seconds: number;
  /** The largest resident memory of the kernel and its children together, in bytes. */
  readonly peakBytes: number;
  /** Seconds by cell id. */
  readonly measured: Timings;
  /** What went wrong, ready to print. */
  readonly report?: string;
}

/**
 * A folder for the checkpoints of this run's sweeps, so that what is written was trained by what is there now. Where a run takes a night they stay
 * where a reader's are, so that a second run goes on after a kill; so they do where somebody has named a folder.
 */
async function freshSweeps(): Promise<string | undefined> {
  if (setting() === "full" || process.env["RESIDUAL_SWEEPS"] !== undefined) return undefined;
  return await mkdtemp(join(tmpdir(), "residual-sweeps-"));
}

/**
 * Runs the source from the first cell to the last in a fresh kernel, in the source's folder, and writes the notebook whole once
 * every cell has succeeded.
 * @throws Error when the source is malformed or Python cannot start.
 */
export async function runNotebook(paths: NotebookPaths, options: RunNotebookOptions): Promise<RunResult> {
  const { python, kernel = "residual", timeout = 900, threads, timings = {}, signal, ...printing } = options;
  const file = basename(paths.source);
  const lines = cellLines(readFileSync(paths.source, "utf8"), file);
  const progress = new Progress({ name: paths.name, file, lines, timings, ...printing });
  let done: { notebook: Notebook; seconds: number; peakBytes: number } | undefined;
  let error: ErrorEvent | undefined;
  const args = [
    "run",
    paths.source,
    "--cwd",
    dirname(paths.source),
    "--kernel",
    kernel,
    "--timeout",
    `${timeout}`,
  ];
  const sweeps = await freshSweeps();
  const { status, stderr } = await runPython(args, {
    python,
    ...(sweeps !== undefined && { env: { RESIDUAL_SWEEPS: sweeps } }),
    ...(threads !== undefined && { threads }),
    ...(signal ? { signal } : {}),
    onEvent: (event) => {
      if (event.event === "done") done = event;
      else if (event.event === "error") error = event;
      else progress.onEvent(event);
    },
  }).finally(() => (sweeps === undefined ? undefined : rm(sweeps, { recursive: true, force: true })));
  progress.end();
  const failed = { name: paths.name, ok: false, seconds: 0, peakBytes: 0, measured: progress.measured };
  if (signal?.aborted) return { ...failed, stopped: true };
  if (error) {
    const details = error.kind === "dead" || error.kind === "timeout" ? `\n${stderr}` : "";
    return { ...failed, stopped: false, report: progress.describe(error) + details };
  }
  if (status !== 0 || !done) {
    return {
      ...failed,
      stopped: false,
      report: `${paths.name}: execute.py ended with status ${status}\n${stderr}`,
    };
  }
  await writeBytesAtomically(
    paths.output,
    new TextEncoder().encode(formatNotebook(normalise(done.notebook, root))),
  );
  return { ...failed, ok: true, stopped: false, seconds: done.seconds, peakBytes: done.peakBytes };
}
