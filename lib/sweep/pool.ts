// What a pool of workers is to a sweep, whether its runs go side by side in processes or one after another here.
import type { EpochRecord } from "../train/index.js";
import type { Job } from "./description.js";
import { loadSources, trainJob, type Outcome } from "./one-run.js";

/** A run, the file of its checkpoint, and how much work it is beside the others. */
export interface Placed {
  readonly job: Job;
  readonly path: string;
  readonly work: number;
}

/** How a run ended: with what it came to, or with why it did not end. Undefined where it was stopped before it began. */
export type Ending = Outcome | { readonly failed: string } | undefined;

/** What a pool tells while it works, by the run's place in the list. */
export interface PoolWatch {
  begun(run: number): void;
  progress(run: number, fraction: number): void;
  epoch(run: number, record: EpochRecord): void;
  ended(run: number, ending: Ending): void;
  /** Asked often: whether to stop. */
  stopped(): boolean;
}

/** Trains runs, at most `workers` at a time, and gives how each ended, in the order of the list. It never rejects for a run's sake. */
export type RunJobs = (
  runs: readonly Placed[],
  options: { readonly workers: number; readonly backend: string; readonly script?: string },
  watch: PoolWatch,
) => Promise<readonly Ending[]>;

/** How often a pool asks whether to stop, in milliseconds. */
export const askEvery = 100;

/** One run after another in this process: in a browser, and on a GPU, which one run fills. */
export const runInTurn: RunJobs = async (runs, _options, watch) => {
  const endings: Ending[] = [];
  for (const [i, { job, path }] of runs.entries()) {
    if (watch.stopped()) {
      endings.push(undefined);
      continue;
    }
    watch.begun(i);
    const stop = new AbortController();
    const asking = setInterval(() => {
      if (watch.stopped()) stop.abort();
    }, askEvery);
    let ending: Ending;
    try {
      const sources = await loadSources(job.data);
      try {
        ending = await trainJob(job, sources, path, {
          signal: stop.signal,
          progress: (fraction) => {
            watch.progress(i, fraction);
          },
          epoch: (record) => {
            watch.epoch(i, record);
          },
        });
      } finally {
        sources.dispose();
      }
    } catch (error) {
      ending = { failed: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
    } finally {
      clearInterval(asking);
    }
    endings.push(ending);
    watch.ended(i, ending);
  }
  return endings;
};
