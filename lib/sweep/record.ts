// The record of one finished run: what was trained, where and when, and what came out. The program writes it; a change by hand shows.
import { exists, readBytes, writeBytesAtomically } from "#files";
import { canonicalJson, canonicalLines } from "../files/canonical-json.js";
import { sha256 } from "../files/fingerprint.js";
import type { EpochRecord } from "../train/index.js";
import { correctMap } from "./correct-map.js";
import type { Job } from "./description.js";
import type { RecordedConfig, RecordedData, RecordedMetrics, RunRecord } from "./record-format.js";
import { disagreement, rounded } from "./record-rules.js";
import type { Session } from "./sessions.js";

export type { RecordedConfig, RecordedData, RecordedNetwork, RunRecord, Transform } from "./record-format.js";

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
