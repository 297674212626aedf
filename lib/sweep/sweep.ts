// Trains many networks side by side: every network of a sweep with every seed.
import * as tf from "@tensorflow/tfjs-core";
import { exists } from "#files";
import { absolutePath, runInProcesses, workersFor } from "#processes";
import { catalogue } from "../data/catalogue.js";
import { fingerprint } from "../files/fingerprint.js";
import { buildArchitecture } from "../nn/index.js";
import { sequential } from "../nn/sequential.js";
import { highest } from "../numeric.js";
import { integerWithin, oneOf, onlyKnown, shown } from "../options.js";
import { duration } from "../display/duration.js";
import { liveLine } from "../display/live-line.js";
import { ready } from "../runtime/index.js";
import { loadWeights, type EpochRecord, type Metrics, type Trainable } from "../train/index.js";
import { endingItself, stopWhen } from "../train/stop.js";
import { jobsOf, type Job, type Sweep } from "./description.js";
import { makeNetwork } from "./one-run.js";
import { runInTurn, type Ending, type Placed, type PoolWatch } from "./pool.js";

const usualFolder = "runs/sweeps";

/** Options of `sweep`. */
export interface SweepOptions {
  /**
   * How many runs go side by side, each in a process of its own with one thread. Default: as many as cores, runs and memory allow. The
   * results are the same bits for any number. In a browser and on a GPU runs go one after another, whatever is asked for.
   */
  readonly workers?: number;
  /** Where each run keeps its checkpoint; `runs/sweeps` in the working directory by default. Other sweeps may use it too. */
  readonly folder?: string;
  /** Only these runs, by their place among all: the networks in order, each with its seeds. For machines that share a sweep. */
  readonly only?: readonly number[];
  /** Ends the sweep after the current steps. In a notebook, interrupting the cell does so without it. */
  readonly signal?: AbortSignal;
  /** `auto` (the default): one live line. `none`. Or a function, called when something has changed, at most about four times a second. */
  readonly progress?: "auto" | "none" | ((report: SweepReport) => void);
}

/** How a sweep stands. */
export interface SweepReport {
  readonly done: number;
  readonly failed: number;
  readonly of: number;
  /** The share of all updates that is done, 0 to 1. */
  readonly fraction: number;
  /** At the speed so far; undefined until there is one. */
  readonly secondsLeft: number | undefined;
  /** The runs in progress, with the epochs that each has finished. */
  readonly running: readonly {
    readonly name: string;
    readonly seed: number;
    readonly history: readonly EpochRecord[];
  }[];
}

/** A finished run. */
export interface SweptRun {
  /** The network's name. */
  readonly name: string;
  readonly seed: number;
  readonly history: readonly EpochRecord[];
  /** How many updates it has had. */
  readonly steps: number;
  /** After the last update, with running averages: over all training images, unaugmented, and over the test images. */
  readonly metrics: { readonly train: Metrics; readonly test: Metrics };
  /** The weights with the state of training, in the format of `train.saveWeights`. */
  readonly checkpoint: string;
  /** Builds the network with its trained weights; it holds memory until disposed. */
  readonly load: () => Promise<Trainable>;
}

/** What a sweep gives. */
export interface SweepResult {
  /** The finished runs, in the order of the networks and of the seeds. */
  readonly runs: readonly SweptRun[];
  /** The runs that a stop left unfinished; the same call goes on with them. */
  readonly unfinished: readonly { readonly name: string; readonly seed: number }[];
  /** Whether a signal or an interrupt ended it early. */
  readonly stopped: boolean;
}

/** Runs that failed, each with its reason; the others are finished, and stand in `result`. */
export class SweepFailed extends Error {
  override readonly name = "SweepFailed";
  readonly failed: readonly { readonly name: string; readonly seed: number; readonly reason: string }[];
  readonly result: SweepResult;

  constructor(failed: SweepFailed["failed"], result: SweepResult) {
    const list = failed.map(({ name, seed, reason }) => `\n- ${name}, seed ${seed}: ${reason}`).join("");
    const kept = result.runs.length;
    super(
      `${failed.length} of ${failed.length + kept + result.unfinished.length} runs failed; ${kept} are finished and kept, and the same call goes on from there:${list}`,
    );
    this.failed = failed;
    this.result = result;
  }
}

/**
 * Trains every network of a sweep with every seed, side by side on the cores of this machine: on a CPU small networks train much faster so
 * than one after another with all threads. A run is `train.fit` with its seed for the first weights and for the images, on one thread; the
 * numbers do not depend on how many run at a time.
 *
 * Each run keeps a checkpoint in `folder`, under a name that follows from everything that decides it. So a sweep that was stopped or killed
 * goes on where it was, one that is finished gives its results at once, and a run that two sweeps share is trained once.
 *
 * @example
 * ```ts
 * const plain = (depth: number) => ({
 *   model: "cifarResNet",
 *   options: { depth, shortcut: "none", widths: [8, 16, 32], inputShape: [14, 14, 1], classes: 10 },
 * });
 * const { runs } = await train.sweep({
 *   networks: [plain(20), plain(56)],
 *   data: { name: "fashion-mnist-sample", downsample: 2 },
 *   recipe: { epochs: 5, schedule: train.constant(0.1) },
 *   seeds: [1, 2, 3, 4],
 * });
 * ```
 *
 * @throws TypeError and RangeError where the sweep or an option breaks a rule, before anything is trained.
 * @throws SweepFailed if runs failed, when all others are through.
 */
export function sweep(what: Sweep, options: SweepOptions = {}): Promise<SweepResult> {
  return endingItself(async () => {
    onlyKnown("sweep", options, ["workers", "folder", "only", "signal", "progress"]);
    return await runSweep(what, options);
  });
}

/** As `sweep`; `script` is another program for the workers. */
export async function runSweep(
  what: Sweep,
  options: SweepOptions & { readonly script?: string },
): Promise<SweepResult> {
  const { folder = usualFolder, progress = "auto" } = options;
  if (options.workers !== undefined) integerWithin("sweep: workers", options.workers, 1, 1024);
  if (typeof progress !== "function") oneOf("sweep: progress", progress, ["auto", "none"]);
  const { backend } = await ready();
  const jobs = chosen(await jobsOf(what, absolutePath), options.only);
  const runs = await Promise.all(jobs.map(async (job) => ({ job, path: await checkpointOf(job, folder) })));
  const stopped = stopWhen(options.signal);
  const shown = startDisplay(runs, progress, stopped);
  // A GPU holds one run at a time, and a page has no processes.
  const usesGpu =
    backend === "webgpu" || (tf.backend() as { isUsingGpuDevice?: boolean }).isUsingGpuDevice === true;
  const train = usesGpu || runInProcesses === undefined ? runInTurn : runInProcesses;
  let endings: readonly Ending[];
  try {
    const workers = options.workers ?? workersFor(runs.length, highest(jobs.map(memoryOf)));
    const { script } = options;
    endings = await train(runs, { workers, backend, ...(script !== undefined && { script }) }, shown);
  } finally {
    shown.end();
  }
  return resultOf(runs, endings);
}

function chosen(jobs: readonly Job[], only: SweepOptions["only"]): readonly Job[] {
  if (only === undefined) return jobs;
  if (!Array.isArray(only) || only.length === 0)
    throw new RangeError(`sweep: only must be a list of at least one run's place; got ${shown(only)}`);
  return only.map((place: unknown) => jobs[integerWithin("sweep: only", place, 0, jobs.length - 1)]!);
}

/**
 * The runs of a sweep in order, with the files that they keep: what a scheduler that shares them among machines must know.
 *
 * @throws TypeError and RangeError where the sweep breaks a rule.
 */
export async function sweepRuns(
  what: Sweep,
  folder: string = usualFolder,
): Promise<readonly { readonly name: string; readonly seed: number; readonly checkpoint: string }[]> {
  const jobs = await jobsOf(what, absolutePath);
  return Promise.all(
    jobs.map(async (job) => ({
      name: job.name,
      seed: job.seed,
      checkpoint: await checkpointOf(job, folder),
    })),
  );
}

/** The file of a run: its name says what it is, and a fingerprint of everything that decides it keeps it from any other's. */
async function checkpointOf(job: Job, folder: string): Promise<string> {
  const words = job.name
    .replaceAll(/[^A-Za-z0-9.-]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .slice(0, 60);
  const mark = (await fingerprint([JSON.stringify(job)])).slice(0, 12);
  return absolutePath(`${folder}/${words}-seed${job.seed}-${mark}.safetensors`);
}

/** What a worker holds for a job beside the engine, in bytes: images, activations forwards and backwards, parameters with their momentum. */
function memoryOf({ network, data, recipe: { batchSize = 128 } }: Job): number {
  const { images, imageShape } = catalogue[data.name];
  const pixels = imageShape.reduce((product, side) => product * side, 1) / (data.downsample ?? 1) ** 2;
  const source = 4 * pixels * (images.train + images.test);
  if ("module" in network) return source;
  const { parts, inputShape } = buildArchitecture(network);
  const rows = sequential(parts).rows(inputShape);
  const sum = (count: (row: (typeof rows)[number]) => number) =>
    rows.reduce((total, row) => total + count(row), 0);
  return source + 4 * (2 * batchSize * sum((row) => row.activations) + 4 * sum((row) => row.parameters));
}

function resultOf(runs: readonly Placed[], endings: readonly Ending[]): SweepResult {
  const finished: SweptRun[] = [];
  const unfinished: { name: string; seed: number }[] = [];
  const failed: { name: string; seed: number; reason: string }[] = [];
  runs.forEach(({ job, path }, i) => {
    const { name, seed } = job;
    const ending = endings[i];
    if (ending !== undefined && "failed" in ending) failed.push({ name, seed, reason: ending.failed });
    else if (ending?.metrics === undefined) unfinished.push({ name, seed });
    else {
      const { history, steps, metrics } = ending;
      finished.push({
        name,
        seed,
        history,
        steps,
        metrics,
        checkpoint: path,
        load: () => loadTrained(job, path),
      });
    }
  });
  const result = { runs: finished, unfinished, stopped: unfinished.length > 0 };
  if (failed.length > 0) throw new SweepFailed(failed, result);
  return result;
}

async function loadTrained(job: Job, path: string): Promise<Trainable> {
  if (!(await exists(path)))
    throw new Error(`${path}: the weights of ${job.name}, seed ${job.seed}, are no longer there`);
  const network = await makeNetwork(job);
  await loadWeights(network, path);
  return network;
}

const secondsBetween = 0.25;

/** One line for all runs: how many are through, which are under way, how long it takes. */
function startDisplay(
  runs: readonly Placed[],
  option: NonNullable<SweepOptions["progress"]>,
  stopped: () => boolean,
): PoolWatch & { end(): void } {
  const line = option === "auto" ? liveLine("sweep") : undefined;
  const start = performance.now();
  const fractions = new Array<number>(runs.length).fill(0);
  const running = new Map<number, EpochRecord[]>();
  let done = 0;
  let failed = 0;
  // What a checkpoint had done before says nothing about the speed.
  let before: number | undefined;
  let next = 0;
  const report = (): SweepReport => {
    const fraction = fractions.reduce((sum, one) => sum + one, 0) / runs.length;
    before ??= fraction;
    const seconds = (performance.now() - start) / 1000;
    const gained = fraction - before;
    return {
      done,
      failed,
      of: runs.length,
      fraction,
      secondsLeft: gained > 0 ? (seconds / gained) * (1 - fraction) : undefined,
      running: [...running].map(([i, history]) => ({
        name: runs[i]!.job.name,
        seed: runs[i]!.job.seed,
        history,
      })),
    };
  };
  const show = (isDue: boolean): void => {
    if (!isDue && performance.now() < next) return;
    next = performance.now() + 1000 * secondsBetween;
    const now = report();
    if (typeof option === "function") option(now);
    else line?.live(describe(now), now.fraction);
  };
  return {
    stopped,
    begun(run) {
      running.set(run, []);
      show(true);
    },
    progress(run, fraction) {
      fractions[run] = fraction;
      show(false);
    },
    epoch(run, record) {
      running.get(run)?.push(record);
      show(false);
    },
    ended(run, ending) {
      running.delete(run);
      if (ending !== undefined && "failed" in ending) failed++;
      else if (ending?.metrics !== undefined) {
        done++;
        fractions[run] = 1;
      }
      show(true);
    },
    end() {
      const seconds = duration((performance.now() - start) / 1000);
      const left = runs.length - done - failed;
      const parts = [
        `${done} of ${runs.length} runs finished`,
        ...(failed > 0 ? [`${failed} failed`] : []),
        ...(left > 0 ? [`${left} left for the next call`] : []),
      ];
      line?.end(`${parts.join(", ")}, after ${seconds}`, report().fraction);
    },
  };
}

function describe({ done, failed, of, secondsLeft, running }: SweepReport): string {
  const under = running.map(({ name, seed, history }) => {
    const last = history.at(-1);
    return `${name} seed ${seed}${last ? ` (epoch ${last.epoch}, loss ${last.loss.toPrecision(3)})` : ""}`;
  });
  return [
    `${done} of ${of} runs done`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(under.length > 0 ? [`now ${under.join(" and ")}`] : []),
    ...(secondsLeft === undefined ? [] : [`${duration(secondsLeft)} left`]),
  ].join(", ");
}
