// Worker processes, for a browser, which has none: the same functions as in `processes.node.ts`.
import type { RunJobs } from "./pool.js";

/** None: a sweep goes on in the page itself, one run after another. */
export const runInProcesses: RunJobs | undefined = undefined;

/** A path as it was given. */
export const absolutePath = (path: string): string => path;

/** The folder of sweeps that name none; nothing is kept in it. */
export const usualFolder = (): string => "runs/sweeps";

/** One: there is one page. */
export function workersFor(): number {
  return 1;
}
