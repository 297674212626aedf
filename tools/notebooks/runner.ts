// Drives execute.py: starts it, reads its events, and makes sure that nothing of it outlives this process.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Notebook } from "./notebook";

/** What execute.py reports; its own text describes each. */
export type Event =
  | { event: "notebook"; path: string; notebook: Notebook }
  | { event: "start"; cell: number }
  | { event: "finish"; cell: number; seconds: number }
  | ErrorEvent
  | { event: "done"; notebook: Notebook; seconds: number; peakBytes: number };

/** Why a run ended early. */
export interface ErrorEvent {
  event: "error";
  cell: number | null;
  kind: "error" | "timeout" | "dead" | "silent";
  ename: string;
  evalue: string;
  traceback: string[];
}

/** How a Python process is run. */
export interface RunOptions {
  readonly python: string;
  /** Threads that one operation of TensorFlow may use; all cores by default. */
  readonly threads?: number;
  /** Beside this process's own. */
  readonly env?: Readonly<Record<string, string>>;
  readonly onEvent: (event: Event) => void;
  /** Ends the kernel and everything it started. */
  readonly signal?: AbortSignal;
}

/** How it ended: 0 complete, 1 after an `error` event, 130 stopped; what it wrote to standard error (its last 64 KiB). */
export interface Ended {
  readonly status: number;
  readonly stderr: string;
}

const script = join(__dirname, "execute.py");
/** Standard error is kept for a report, and a talkative notebook must not fill the memory. */
const keptStderr = 65_536;

/** Runs `execute.py` with the arguments. @throws Error when Python cannot start. */
export async function runPython(args: readonly string[], options: RunOptions): Promise<Ended> {
  const { python, threads, env, onEvent, signal } = options;
  // In a group of its own, so that Ctrl-C reaches this process alone, which then closes the child's standard input.
  const child = spawn(python, [script, ...args], {
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
    env: {
      ...(threads !== undefined && { TF_NUM_INTRAOP_THREADS: `${threads}` }),
      ...process.env,
      ...env,
      JUPYTER_PREFER_ENV_PATH: "1",
      PYTHONDONTWRITEBYTECODE: "1",
    },
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-keptStderr);
  });
  child.stdin.on("error", () => undefined); // the child may be gone when its input closes; its exit status tells
  let killTimer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    child.stdin.end();
    killTimer = setTimeout(() => child.kill("SIGKILL"), 10_000);
  };
  if (signal?.aborted) stop();
  signal?.addEventListener("abort", stop, { once: true });
  let failure: unknown;
  createInterface({ input: child.stdout }).on("line", (line) => {
    try {
      onEvent(JSON.parse(line) as Event);
    } catch (error) {
      failure ??= error;
      stop();
    }
  });
  try {
    const status = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => {
        resolve(code ?? 130);
      });
    });
    if (failure) throw failure as Error;
    return { status, stderr };
  } finally {
    clearTimeout(killTimer);
    signal?.removeEventListener("abort", stop);
  }
}
