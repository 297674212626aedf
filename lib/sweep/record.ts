// The record of one finished run: what was trained, where and when, and what came out. The program writes it; a change by hand shows.
import { exists, readBytes, writeBytesAtomically } from "#files";
import { canonicalJson, canonicalLines } from "../files/canonical-json.js";
import { sha256 } from "../files/fingerprint.js";
import type { ChannelStatistics } from "../data/index.js";
import type { Spec } from "../nn/index.js";
import type { EpochRecord } from "../train/index.js";
import { correctMap } from "./correct-map.js";
import type { Job, SweepData } from "./description.js";
import { disagreement, rounded } from "./record-rules.js";
import type { Session } from "./sessions.js";

/** A network in a record: a spec without its seed, or a file of one's own with its text's hash in place of where it lay. */
export type RecordedNetwork =
  Spec | { readonly module: string; readonly sha256: string; readonly export: string; readonly options: Readonly<Record<string, unknown>> }; // prettier-ignore

/** All that decides a run but for its seed and the code. */
export interface RecordedConfig {
  readonly network: RecordedNetwork;
  /** Without `root`, which says only where the files lay. */
  readonly data: Omit<SweepData, "root">;
  readonly recipe: Job["recipe"];
}

/** The images that a run has seen: of each split how many, and a fingerprint of their bytes before any transform. */
export interface RecordedData {
  readonly train: { readonly images: number; readonly fingerprint: string };
  readonly test: { readonly images: number; readonly fingerprint: string };
  /** What they underwent, in order. */
  readonly transforms: readonly Transform[];
}

/** One step from an image's bytes to what the network sees. */
export type Transform =
  | { readonly transform: "downsample"; readonly factor: number }
  | ({ readonly transform: "normalise" } & ChannelStatistics)
  | { readonly transform: "pad-crop-flip"; readonly of: "training batches"; readonly pad: number; readonly flip: boolean }; // prettier-ignore

/** Loss in nats, and the share classified correctly; the loss of a network that overflows is `null`. */
export interface RecordedMetrics {
  readonly loss: number | null;
  readonly accuracy: number;
}

/** The JSON of a run, by the schema `results/run-record.schema.json`. Numbers have nine digits, which is all that float32 carries. */
export interface RunRecord {
  readonly format: 1;
  readonly name: string;
  readonly config: RecordedConfig;
  /** SHA-256 of `config` as canonical JSON (RFC 8785): equal for runs that differ in their seed only. */
  readonly configHash: string;
  readonly seed: number;
  readonly data: RecordedData;
  readonly protocol: {
    /** Which weights were measured, and which statistics batch norm read. */
    readonly weights: "after the last update";
    readonly statistics: "running averages";
    readonly testMeasured: "once, after the last update" | "after each epoch, and after the last update";
    /** What was chosen by a measurement. */
    readonly chosen: "nothing";
  };
  readonly sessions: readonly Session[];
  /** How many updates. */
  readonly steps: number;
  /** Time in training steps, over all sessions: validation and checkpoints are not counted. */
  readonly trainingSeconds: number;
  readonly curves: {
    /** A number for each epoch: means over its training batches, each measured before its update. */
    readonly epochs: {
      readonly step: readonly number[];
      readonly learningRate: readonly number[];
      readonly loss: readonly number[];
      readonly accuracy: readonly number[];
      readonly test?: { readonly loss: readonly (number | null)[]; readonly accuracy: readonly number[] };
    };
    /** The training loss: means of so many updates each, and a fingerprint of every update's as float32. */
    readonly updates: {
      readonly each: number;
      readonly loss: readonly number[];
      readonly fingerprint: string;
    };
  };
  /** Over all training images, unaugmented, and over the test images. */
  readonly metrics: { readonly train: RecordedMetrics; readonly test: RecordedMetrics };
  /** Which test images are classified correctly, in the split's order: base64 of their bits, the first image the highest bit of the first byte. */
  readonly testCorrect: string;
  readonly checkpoint: {
    readonly file: string;
    readonly sha256: string;
    /** A fingerprint of the weights and statistics alone: the same for a run that is trained again to the same bits. */
    readonly weights: string;
  };
  /** SHA-256 of all the rest as canonical JSON. */
  readonly sha256: string;
}

/** What the parts of a record are made of. */
export interface Measured {
  readonly job: Job;
  readonly config: RecordedConfig;
  readonly data: RecordedData;
  readonly sessions: readonly Session[];
  readonly history: readonly EpochRecord[];
  readonly stepLosses: readonly number[];
  readonly metrics: { readonly train: RecordedMetrics; readonly test: RecordedMetrics };
  /** Of each test image, whether it is classified correctly. */
  readonly correct: readonly boolean[];
  readonly checkpoint: RunRecord["checkpoint"];
}

/** At most so many points of the training loss: a record has to stay small. */
const mostPoints = 400;

/** The record of a finished run. */
export async function makeRecord(measured: Measured): Promise<RunRecord> {
  const { job, config, data, sessions, history, stepLosses, metrics, correct, checkpoint } = measured;
  const each = Math.ceil(stepLosses.length / mostPoints);
  const validations = history.flatMap(({ validation }) => validation ?? []);
  return withHash({
    format: 1,
    name: job.name,
    config,
    configHash: await configHashOf(config),
    seed: job.seed,
    data,
    protocol: {
      weights: "after the last update",
      statistics: "running averages",
      testMeasured:
        validations.length > 0
          ? "after each epoch, and after the last update"
          : "once, after the last update",
      chosen: "nothing",
    },
    sessions,
    steps: stepLosses.length,
    trainingSeconds: Number(history.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(3)),
    curves: {
      epochs: {
        step: history.map(({ step }) => step),
        learningRate: history.map(({ learningRate }) => learningRate),
        loss: history.map(({ loss }) => rounded(loss)),
        accuracy: history.map(({ accuracy }) => rounded(accuracy)),
        ...(validations.length > 0 && {
          test: {
            loss: validations.map(({ loss }) => finiteOrNull(loss)),
            accuracy: validations.map(({ accuracy }) => rounded(accuracy)),
          },
        }),
      },
      updates: {
        each,
        loss: meansOf(stepLosses, each).map(rounded),
        fingerprint: await sha256(Float32Array.from(stepLosses)),
      },
    },
    metrics: { train: recordedMetrics(metrics.train), test: recordedMetrics(metrics.test) },
    testCorrect: correctMap(correct),
    checkpoint,
  });
}

/** SHA-256 of a configuration as canonical JSON. */
export const configHashOf = (config: RecordedConfig): Promise<string> => sha256(canonicalJson(config));

const recordedMetrics = ({ loss, accuracy }: RecordedMetrics): RecordedMetrics => ({
  loss: loss === null ? null : finiteOrNull(loss),
  accuracy: rounded(accuracy),
});
const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? rounded(value) : null);

function meansOf(values: readonly number[], each: number): number[] {
  return Array.from({ length: Math.ceil(values.length / each) }, (_, i) => {
    const some = values.slice(i * each, (i + 1) * each);
    return some.reduce((sum, value) => sum + value, 0) / some.length;
  });
}

async function withHash(rest: Omit<RunRecord, "sha256">): Promise<RunRecord> {
  return { ...rest, sha256: await sha256(canonicalJson(rest)) };
}

/**
 * The name of a record's file: it holds what the record is of and the beginning of its hash, so that no two records share one.
 *
 * @example
 * ```ts
 * train.recordName({ name: "plain 20", seed: 3, sha256: "0123456789abcdef" }); // "plain-20-seed3-0123456789ab.json"
 * ```
 */
export function recordName({
  name,
  seed,
  sha256: hash,
}: Pick<RunRecord, "name" | "seed" | "sha256">): string {
  return `${wordsOf(name)}-seed${seed}-${hash.slice(0, 12)}.json`;
}

/** A name's letters and digits, for a file. */
export const wordsOf = (name: string): string =>
  name
    .replaceAll(/[^A-Za-z0-9.-]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .slice(0, 60);

/**
 * Writes a record into a folder of records, under a name that no other record has, and gives its path. A record that is there already is left
 * alone, so records of several machines can be put into one folder.
 *
 * @throws Error if the record breaks a rule, as `readRecord` does.
 *
 * @example
 * ```ts
 * const { runs } = await train.sweep(
 *   {
 *     networks: [{ model: "cifarResNet", options: { depth: 8, widths: [1, 1, 1], inputShape: [28, 28, 1] } }],
 *     data: { name: "fashion-mnist-sample", perClass: [1, 1] },
 *     recipe: { steps: 1, batchSize: 10 },
 *     seeds: [2],
 *   },
 *   { progress: "none" },
 * );
 * const path = await train.writeRecord(runs[0].record, "records");
 * (await train.readRecord(path)).seed; // 2
 * ```
 */
export async function writeRecord(record: RunRecord, folder: string): Promise<string> {
  const path = `${folder}/${recordName(record)}`;
  const fault = await recordFault(record);
  if (fault !== undefined) throw new Error(`${path}: ${fault}`);
  if (!(await exists(path)))
    await writeBytesAtomically(path, new TextEncoder().encode(canonicalLines(record)));
  return path;
}

/**
 * The record in a file, held to its own hash and to what must agree in it. A record that was changed together with its hash and its name passes,
 * if its numbers agree: only training it again tells.
 *
 * @throws Error naming the rule that it breaks.
 *
 * @example
 * ```ts
 * await train.readRecord("nowhere.json").catch((error) => error.code); // "ENOENT"
 * ```
 */
export async function readRecord(path: string): Promise<RunRecord> {
  const text = new TextDecoder().decode(await readBytes(path));
  let record: RunRecord;
  try {
    record = JSON.parse(text) as RunRecord;
  } catch (error) {
    throw new Error(`${path}: a record is JSON; ${(error as Error).message}`, { cause: error });
  }
  const fault = await recordFault(record);
  if (fault !== undefined) throw new Error(`${path}: ${fault}`);
  return record;
}

/** The first rule that a record breaks, or undefined. */
export async function recordFault(record: RunRecord): Promise<string | undefined> {
  // It may come from a file that anybody wrote.
  const given = record as Partial<RunRecord> | null;
  if (typeof given !== "object" || given?.format !== 1)
    return `a record must have format 1; got ${given?.format}`;
  const { sha256: hash, ...rest } = record;
  const expected = await sha256(canonicalJson(rest));
  if (hash !== expected) return `a record's sha256 must be that of its content, ${expected}; got ${hash}: it was changed`; // prettier-ignore
  try {
    return (await configHashOf(record.config)) === record.configHash
      ? await disagreement(record)
      : "configHash must be that of config";
  } catch (error) {
    return `a record must have every field of its schema; ${(error as Error).message}`;
  }
}
