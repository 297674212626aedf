// One run of a sweep, trained in this process: the same numbers wherever that is.
import * as tf from "@tensorflow/tfjs-core";
import { exists, modifiedAt, readBytes, writeBytesAtomically } from "#files";
import { importModule } from "#host";
import { batches, downsample, load, type Dataset, type DeviceBatches } from "../data/index.js";
import { padCropFlip } from "../data/augment.js";
import { canonicalLines } from "../files/canonical-json.js";
import { fingerprint, sha256 } from "../files/fingerprint.js";
import { build } from "../nn/index.js";
import {
  evaluate,
  fit,
  topK,
  type EpochRecord,
  type Metric,
  type Metrics,
  type Trainable,
} from "../train/index.js";
import { without } from "../without.js";
import { weightsFingerprint } from "../train/identity.js";
import type { Job, SweepData, SweptModule } from "./description.js";
import { makeRecord, readRecord, type RecordedConfig, type RecordedData, type RecordedNetwork, type RunRecord, type Transform } from "./record.js"; // prettier-ignore
import { optimizerOf, scheduleOf } from "./recipe-parts.js";
import { SessionLog } from "./sessions.js";

/** What a run came to. */
export interface Outcome {
  readonly history: readonly EpochRecord[];
  /** How many updates the network has had. */
  readonly steps: number;
  /** With running averages, after the last update: over all training images, unaugmented, and over the test images. Absent in a stopped run. */
  readonly metrics?: { readonly train: Metrics; readonly test: Metrics };
  /** When its checkpoint was written, where that held the whole run and nothing was trained. */
  readonly trainedBefore?: Date;
  /** Of a finished run. Absent where it was trained before and nobody wrote down by what. */
  readonly record?: RunRecord;
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
  /** What a record says of them. */
  readonly about: RecordedData;
  dispose(): void;
}

/** Trains a job, from its checkpoint at `path` if there is one, and measures it. A finished one is measured again, not trained. */
export async function trainJob(job: Job, sources: Sources, path: string, watch: Watch): Promise<Outcome> {
  // Before training: whoever edits the file meanwhile has another network.
  const config = await recordedConfig(job);
  const model = await makeNetwork(job);
  const { optimizer, schedule, validation, ...recipe } = job.recipe;
  const written = await modifiedAt(path);
  const log = await SessionLog.open(`${stemOf(path)}.sessions.json`);
  try {
    const {
      history,
      steps,
      stopped,
      resumedFrom,
      stepLosses = [],
    } = await fit(model, sources.train, {
      ...recipe,
      ...(optimizer && { optimizer: await optimizerOf(optimizer) }),
      ...(schedule && { schedule: scheduleOf(schedule) }),
      ...(validation === "test" && { validation: sources.test }),
      seed: job.seed,
      checkpoint: { path },
      stepLosses: true,
      signal: watch.signal,
      progress: ({ phase, epoch = 1, epochs = 1, done, of }) => {
        if (phase === "training") watch.progress((epoch - 1 + done / of) / epochs);
      },
      onStep: ({ step }) => {
        log.begin(step - 1);
      },
      onEpoch: async (record) => {
        watch.epoch(record);
        await log.reached(record.step);
      },
    });
    await log.reached(steps);
    if (stopped) return { history, steps };
    try {
      const measured = { signal: watch.signal, progress: "none" } as const;
      const trainMetrics = await evaluate(model, sources.train, measured);
      const { correct, ...testMetrics } = await measuredByImage(model, sources.test, measured);
      const metrics = { train: trainMetrics, test: testMetrics };
      const isKept = written !== undefined && resumedFrom === steps;
      const checkpoint = {
        file: path.slice(path.lastIndexOf("/") + 1),
        sha256: await sha256(await readBytes(path)),
        weights: await weightsFingerprint(model.variables()),
      };
      let record = isKept ? await keptRecord(path, checkpoint.sha256) : undefined;
      if (!record && log.all.at(-1)?.to === steps) {
        record = await makeRecord({ job, config, data: sources.about, sessions: log.all, history, stepLosses, metrics, correct, checkpoint }); // prettier-ignore
        await writeBytesAtomically(recordBeside(path), new TextEncoder().encode(canonicalLines(record)));
      }
      return {
        history,
        steps,
        metrics,
        ...(isKept && { trainedBefore: written }),
        ...(record && { record }),
      };
    } catch (error) {
      // Trained and saved, and stopped before it was measured.
      if (watch.signal.aborted) return { history, steps };
      throw error;
    }
  } finally {
    for (const { variable } of model.variables()) variable.dispose();
  }
}

/** As `evaluate`, and of each image whether it is classified correctly: of one forward pass, so that the two cannot disagree. */
async function measuredByImage(
  model: Trainable,
  source: DeviceBatches,
  options: { readonly signal: AbortSignal; readonly progress: "none" },
): Promise<Metrics & { readonly correct: readonly boolean[] }> {
  const batches: tf.Tensor1D[] = [];
  const isLargest = topK(1);
  const ofImages: Metric = (logits, labels) => {
    const values = isLargest(logits, labels);
    batches.push(tf.keep(values));
    return values;
  };
  try {
    const { loss, accuracy } = await evaluate(model, source, { ...options, metrics: { ofImages } });
    const values = await Promise.all(batches.map((batch) => batch.data<"float32">()));
    return { loss, accuracy, correct: values.flatMap((batch) => Array.from(batch, (value) => value === 1)) };
  } finally {
    tf.dispose(batches);
  }
}

const stemOf = (path: string): string => path.replace(/\.safetensors$/, "");
const recordBeside = (path: string): string => `${stemOf(path)}.record.json`;

/** The record that was written when the run was trained, if the checkpoint is still the one that it names. */
async function keptRecord(path: string, hash: string): Promise<RunRecord | undefined> {
  if (!(await exists(recordBeside(path)))) return undefined;
  const record = await readRecord(recordBeside(path));
  return record.checkpoint.sha256 === hash ? record : undefined;
}

/** What decides a job but for its seed, free of where files lie here. */
export async function recordedConfig(job: Job): Promise<RecordedConfig> {
  return { network: await recordedNetwork(job), data: without(job.data, "root"), recipe: job.recipe };
}

async function recordedNetwork({ network }: Job): Promise<RecordedNetwork> {
  if ("module" in network) {
    const { module, export: exported = "network", options = {} } = network;
    const file = module.slice(module.lastIndexOf("/") + 1);
    const text = (await exists(module)) ? await readBytes(module) : new Uint8Array();
    return { module: file, sha256: await sha256(text), export: exported, options };
  }
  return { model: network.model, options: without(network.options, "seed") };
}

/**
 * The network of a job, with its first weights.
 *
 * @throws Error where a module cannot be loaded or exports no such function, or a spec breaks a rule.
 */
export async function makeNetwork({ network, seed }: Pick<Job, "network" | "seed">): Promise<Trainable> {
  if (!("module" in network)) return build(network);
  const { module, export: name = "network", options = {} } = network;
  const make = (await importModule(module))[name];
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
    (["train", "test"] as const).map((split, i) =>
      load(name, { ...loaded, split, ...(perClass && { perClass: perClass[i]! }) }),
    ),
  );
  const shrunk = (images: Dataset) => (factor === 1 ? images : downsample(images, factor));
  const trainSource = batches(shrunk(train!), { normalise, ...(augment !== undefined && { augment }) });
  const testSource = batches(shrunk(test!), { normalise: trainSource.statistics });
  const transforms: Transform[] = [
    ...(factor === 1 ? [] : [{ transform: "downsample", factor } as const]),
    { transform: "normalise", ...trainSource.statistics },
    ...(augment === undefined || augment === "none"
      ? []
      : [{ transform: "pad-crop-flip", of: "training batches", ...(augment === "pad-crop-flip" ? padCropFlip : augment) } as const]), // prettier-ignore
  ];
  return {
    train: trainSource,
    test: testSource,
    about: { train: await recordedSplit(train!), test: await recordedSplit(test!), transforms },
    dispose() {
      trainSource.dispose();
      testSource.dispose();
    },
  };
}

async function recordedSplit({ images, labels }: Dataset): Promise<RecordedData["train"]> {
  return { images: labels.length, fingerprint: await fingerprint([images, labels]) };
}
