// Trains many networks side by side: every network of a sweep with every seed.
import * as tf from "@tensorflow/tfjs-core";
import { exists, readBytes } from "#files";
import { absolutePath, runInProcesses, usualFolder, workersFor } from "#processes";
import { catalogue } from "../data/catalogue.js";
import { fingerprint } from "../files/fingerprint.js";
import { buildArchitecture, type Network } from "../nn/index.js";
import { multiplyAdds } from "../nn/architecture.js";
import { sequential } from "../nn/sequential.js";
import { highest } from "../numeric.js";
import { integerWithin, oneOf, onlyKnown, shown } from "../options.js";
import { ready } from "../runtime/index.js";
import { loadWeights, type EpochRecord, type Metrics, type Trainable } from "../train/index.js";
import { endingItself, stopWhen } from "../train/stop.js";
import { version } from "../train/version.js";
import { jobsOf, type Job, type Sweep, type SweptSpec } from "./description.js";
import { SweepDisplay, type SweepProgress } from "./display.js";
import { makeNetwork, recordedConfig } from "./one-run.js";
import { configHashOf, wordsOf, type RunRecord } from "./record.js";
import { runInTurn, type Ending, type Placed } from "./pool.js";

/** Options of `sweep`. */
export interface SweepOptions {
  /**
   * How many runs go side by side, each in a process of its own with one thread. Default: as many as cores, runs and memory allow. The
   * results are the same bits for any number. In a browser and on a GPU runs go one after another, whatever is asked for.
   */
  readonly workers?: number;
  /**
   * Where each run keeps its checkpoint: by default what the environment variable `RESIDUAL_SWEEPS` says, or else `runs/sweeps` in the working
   * directory. Other sweeps may use it too.
   */
  readonly folder?: string;
  /** Only these runs, by their place among all: the networks in order, each with its seeds. For machines that share a sweep. */
  readonly only?: readonly number[];
  /** Ends the sweep after the current steps. In a notebook, interrupting the cell does so without it. */
  readonly signal?: AbortSignal;
  /**
   * `auto` (the default): one live line, in a notebook with the curves of the loss. `none`. Or a function, called when a run begins or ends, and
   * else when something has changed, at most about four times a second.
   */
  readonly progress?: SweepProgress;
}

/** A finished run of a network of the type `N`. */
export interface SweptRun<N extends Trainable = Trainable> {
  /** The network's name. */
  readonly name: string;
  readonly seed: number;
  readonly history: readonly EpochRecord[];
  /** How many updates it has had. */
  readonly steps: number;
  /** After the last update, with running averages: over all training images, unaugmented, and over the test images. */
  readonly metrics: { readonly train: Metrics; readonly test: Metrics };
  /** When it was trained, if that was before this call: it was taken from its checkpoint, and only measured now. */
  readonly trainedBefore?: Date;
  /**
   * All of it for others, as `writeRecord` keeps it; it lies beside the checkpoint too. Absent where the checkpoint is there without what was
   * written down while it was trained.
   */
  readonly record?: RunRecord;
  /** The weights with the state of training, in the format of `train.saveWeights`. */
  readonly checkpoint: string;
  /** Builds the network with its trained weights; it holds memory until disposed. */
  readonly load: () => Promise<N>;
}

/** What a sweep gives. */
export interface SweepResult<N extends Trainable = Trainable> {
  /** The finished runs, in the order of the networks and of the seeds. */
  readonly runs: readonly SweptRun<N>[];
  /** The runs that a stop left unfinished; the same call goes on with them. */
  readonly unfinished: readonly { readonly name: string; readonly seed: number }[];
  /** Whether a signal or an interrupt ended it early. */
  readonly stopped: boolean;
}

/**
 * Runs that failed, each with its reason; the others are finished, and stand in `result`.
 *
 * @example
 * ```ts
 * const failed = [{ name: "plain-8", seed: 1, reason: "out of memory" }];
 * const error = new train.SweepFailed(failed, { runs: [], unfinished: [], stopped: false });
 * error.message.split(";")[0]; // "1 of 1 runs failed"
 * ```
 */
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
 * Each run keeps a checkpoint in `folder`, under a name that follows from everything that decides it: network, a module's text, images, recipe,
 * seed and the library's version. So a sweep that was stopped or killed goes on where it was, one that is finished gives its results at once (and
 * says when they were trained; without the folder they are trained anew), and a run that two sweeps share is trained once.
 *
 * @example
 * ```ts
 * const { runs } = await train.sweep(
 *   {
 *     networks: [{ model: "cifarResNet", options: { depth: 8, widths: [1, 1, 1], inputShape: [28, 28, 1] } }],
 *     data: { name: "fashion-mnist-sample", perClass: [1, 1] },
 *     recipe: { steps: 1, batchSize: 10 },
 *     seeds: [1],
 *   },
 *   { progress: "none" },
 * );
 * runs.length; // 1
 * ```
 *
 * @throws TypeError and RangeError where the sweep or an option breaks a rule, before anything is trained.
 * @throws SweepFailed if runs failed, when all others are through.
 */
export function sweep(
  what: Sweep & { readonly networks: readonly SweptSpec[] },
  options?: SweepOptions,
): Promise<SweepResult<Network>>;
/** The same where a network comes from a file of the caller's own: of what type it is, only the file knows. */
export function sweep(what: Sweep, options?: SweepOptions): Promise<SweepResult>;
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
  const { folder = usualFolder(), progress = "auto" } = options;
  if (options.workers !== undefined) integerWithin("sweep: workers", options.workers, 1, 1024);
  if (typeof progress !== "function") oneOf("sweep: progress", progress, ["auto", "none"]);
  const { backend } = await ready();
  const jobs = chosen(await jobsOf(what, absolutePath), options.only);
  const works = worksOf(jobs);
  const runs = await Promise.all(
    jobs.map(async (job, i) => ({ job, path: await checkpointOf(job, folder), work: works[i]! })),
  );
  // A GPU holds one run at a time, and a page has no processes.
  const usesGpu =
    backend === "webgpu" || (tf.backend() as { isUsingGpuDevice?: boolean }).isUsingGpuDevice === true;
  const train = usesGpu || runInProcesses === undefined ? runInTurn : runInProcesses;
  const workers = options.workers ?? workersFor(runs.length, highest(jobs.map(memoryOf)));
  const processes = train === runInTurn ? 0 : Math.min(workers, runs.length);
  const shown = new SweepDisplay(runs, progress, { processes, folder }, stopWhen(options.signal));
  const { script } = options;
  let endings: readonly Ending[];
  try {
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

/** A run of a sweep before it is trained. */
export interface PlacedRun {
  readonly name: string;
  readonly seed: number;
  /** The file that it keeps. */
  readonly checkpoint: string;
  /** By which its record is found, with the seed. */
  readonly configHash: string;
}

/**
 * The runs of a sweep in order, with the files that they keep: what a scheduler that shares them among machines must know.
 *
 * @throws TypeError and RangeError where the sweep breaks a rule.
 *
 * @example
 * ```ts
 * const what = {
 *   networks: [{ model: "cifarResNet", options: { depth: 8, widths: [1, 1, 1], inputShape: [28, 28, 1] } }],
 *   data: { name: "fashion-mnist-sample", perClass: [1, 1] },
 *   recipe: { steps: 1, batchSize: 10 },
 *   seeds: [1, 2],
 * };
 * (await train.sweepRuns(what)).map(({ seed }) => seed); // [1, 2]
 * ```
 */
export async function sweepRuns(what: Sweep, folder: string = usualFolder()): Promise<readonly PlacedRun[]> {
  const jobs = await jobsOf(what, absolutePath);
  return Promise.all(
    jobs.map(async (job) => ({
      name: job.name,
      seed: job.seed,
      checkpoint: await checkpointOf(job, folder),
      configHash: await configHashOf(await recordedConfig(job)),
    })),
  );
}

/** What a checkpoint of a sweep holds beside the run: another version of it is another file. */
const checkpoints = "with the loss of every step";

/** The file of a run: its name says what it is, and a fingerprint of everything that decides it keeps it from any other's. */
async function checkpointOf(job: Job, folder: string): Promise<string> {
  // A file that is changed makes another network; what it imports, nobody here can tell.
  const file = "module" in job.network ? [await textOf(job.network.module)] : [];
  const mark = (await fingerprint([version, checkpoints, JSON.stringify(job), ...file])).slice(0, 12);
  return absolutePath(`${folder}/${wordsOf(job.name)}-seed${job.seed}-${mark}.safetensors`);
}

/** The bytes of a module's file; none where there is none, which whoever loads it says. */
async function textOf(path: string): Promise<Uint8Array> {
  return (await exists(path)) ? readBytes(path) : new Uint8Array();
}

/** How much work an update of each is; all alike where one is the caller's own, since nothing is known of it. */
function worksOf(jobs: readonly Job[]): readonly number[] {
  const works = jobs.map(({ network }) =>
    "module" in network ? undefined : multiplyAdds(buildArchitecture(network)),
  );
  return works.map((work) => (works.includes(undefined) ? 1 : work!));
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
      const { history, steps, metrics, trainedBefore, record } = ending;
      finished.push({
        name,
        seed,
        history,
        steps,
        metrics,
        ...(trainedBefore && { trainedBefore }),
        ...(record && { record }),
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
