// One run of a sweep, trained in this process: the same numbers wherever that is.
import { modifiedAt } from "#files";
import { downsample, load, batches, type DeviceBatches } from "../data/index.js";
import { build } from "../nn/index.js";
import { evaluate, fit, type EpochRecord, type Metrics, type Trainable } from "../train/index.js";
import type { Job, SweepData, SweptModule } from "./description.js";
import { optimizerOf, scheduleOf } from "./recipe-parts.js";

/** What a run came to. */
export interface Outcome {
  readonly history: readonly EpochRecord[];
  /** How many updates the network has had. */
  readonly steps: number;
  /** With running averages, after the last update: over all training images, unaugmented, and over the test images. Absent in a stopped run. */
  readonly metrics?: { readonly train: Metrics; readonly test: Metrics };
  /** When its checkpoint was written, where that held the whole run and nothing was trained. */
  readonly trainedBefore?: Date;
}

/** What a run tells while it goes on. */
export interface Watch {
  readonly signal: AbortSignal;
  /** The share of its updates that is done, 0 to 1. */
  progress(fraction: number): void;
  /** A finished epoch. */
  epoch(record: EpochRecord): void;
}

/** The two splits of a sweep's images, on the device. */
export interface Sources {
  readonly train: DeviceBatches;
  readonly test: DeviceBatches;
  dispose(): void;
}

/** Trains a job, from its checkpoint at `path` if there is one, and measures it. A finished one is measured again, not trained. */
export async function trainJob(job: Job, sources: Sources, path: string, watch: Watch): Promise<Outcome> {
  const model = await makeNetwork(job);
  const { optimizer, schedule, validation, ...recipe } = job.recipe;
  const written = await modifiedAt(path);
  try {
    const { history, steps, stopped, resumedFrom } = await fit(model, sources.train, {
      ...recipe,
      ...(optimizer && { optimizer: await optimizerOf(optimizer) }),
      ...(schedule && { schedule: scheduleOf(schedule) }),
      ...(validation === "test" && { validation: sources.test }),
      seed: job.seed,
      checkpoint: { path },
      signal: watch.signal,
      progress: ({ phase, epoch = 1, epochs = 1, done, of }) => {
        if (phase === "training") watch.progress((epoch - 1 + done / of) / epochs);
      },
      onEpoch: (record) => {
        watch.epoch(record);
      },
    });
    if (stopped) return { history, steps };
    try {
      const measured = { signal: watch.signal, progress: "none" } as const;
      const metrics = {
        train: await evaluate(model, sources.train, measured),
        test: await evaluate(model, sources.test, measured),
      };
      const isKept = written !== undefined && resumedFrom === steps;
      return { history, steps, metrics, ...(isKept && { trainedBefore: written }) };
    } catch (error) {
      // Trained and saved, and stopped before it was measured.
      if (watch.signal.aborted) return { history, steps };
      throw error;
    }
  } finally {
    for (const { variable } of model.variables()) variable.dispose();
  }
}

/**
 * The network of a job, with its first weights.
 *
 * @throws Error where a module cannot be loaded or exports no such function, or a spec breaks a rule.
 */
export async function makeNetwork({ network, seed }: Pick<Job, "network" | "seed">): Promise<Trainable> {
  if (!("module" in network)) return build(network);
  const { module, export: name = "network", options = {} } = network;
  const make = ((await import(/* @vite-ignore */ module)) as Record<string, unknown>)[name];
  if (typeof make !== "function")
    throw new TypeError(
      `${module} must export a function ${name}(seed, options) that makes a network; got ${typeof make}`,
    );
  return await (make as (seed: number, options: SweptModule["options"]) => Trainable | Promise<Trainable>)(
    seed,
    options,
  );
}

/** Loads a sweep's images. */
export async function loadSources(about: SweepData): Promise<Sources> {
  const {
    name,
    root,
    as,
    labels,
    perClass,
    downsample: factor = 1,
    normalise = "per-channel",
    augment,
  } = about;
  const loaded = {
    ...(root !== undefined && { root }),
    ...(as !== undefined && { as }),
    ...(labels && { labels }),
  };
  const [train, test] = await Promise.all(
    (["train", "test"] as const).map(async (split, i) => {
      const images = await load(name, { ...loaded, split, ...(perClass && { perClass: perClass[i]! }) });
      return factor === 1 ? images : downsample(images, factor);
    }),
  );
  const trainSource = batches(train!, { normalise, ...(augment !== undefined && { augment }) });
  const testSource = batches(test!, { normalise: trainSource.statistics });
  return {
    train: trainSource,
    test: testSource,
    dispose() {
      trainSource.dispose();
      testSource.dispose();
    },
  };
}
