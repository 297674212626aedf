// A study as it was recorded, for whoever shows it: each network's curves and final errors by seed, and on what they were run.
import { jsonFiles, resultsFolder } from "#results";
import { readBytes } from "#files";
import { nearest } from "../nearest.js";
import { onlyKnown } from "../options.js";
import { jobsOf, type Sweep } from "./description.js";
import { recordedConfig } from "./one-run.js";
import { conditionsOf } from "./record-conditions.js";
import { rounded } from "./record-rules.js";
import { configHashOf, readRecord, type RunRecord } from "./record.js";

/** Options of `recordedStudy`. */
export interface RecordedStudyOptions {
  /** A folder like the repository's `results`, with `studies` and `records/runs`; the repository's by default. */
  readonly folder?: string;
}

/** A network of a study; its lists have an entry for each seed that is recorded, in the order of `seeds`. */
export interface RecordedNetworkRuns {
  readonly name: string;
  readonly seeds: readonly number[];
  /** In percent, after the last update: over all training images, unaugmented, and over the test images. */
  readonly errors: { readonly train: readonly number[]; readonly test: readonly number[] };
  /** By epoch, over its training batches: mean loss in nats, error in percent. */
  readonly curves: {
    readonly loss: readonly (readonly number[])[];
    readonly error: readonly (readonly number[])[];
  };
  readonly records: readonly RunRecord[];
}

/** What is recorded of a study. */
export interface RecordedStudy {
  readonly title: string;
  readonly question: string;
  /** In what its conditions differ from the paper's. */
  readonly differs: string;
  readonly networks: readonly RecordedNetworkRuns[];
  /** How many of its runs have no record yet. */
  readonly missing: number;
  /** One sentence: how many runs, when and on what, with which versions. */
  readonly conditions: string;
}

/**
 * The records of one of the project's studies (`results/studies`), to be shown beside a short run of one's own. Runs without a record are left
 * out, and counted; of several records of a run the one that ended first counts.
 *
 * @throws RangeError where there is no study of this name, with the nearest.
 * @throws Error where a record was changed.
 *
 * @example
 * ```ts
 * const { networks, missing } = await train.recordedStudy("converged");
 * networks.map(({ name }) => name).slice(0, 2); // ["plain-20", "plain-32"]
 * networks.reduce((sum, { seeds }) => sum + seeds.length, missing); // 40
 * ```
 */
export async function recordedStudy(
  name: string,
  options: RecordedStudyOptions = {},
): Promise<RecordedStudy> {
  onlyKnown("recordedStudy", options, ["folder"]);
  const { folder = resultsFolder() } = options;
  const names = (await jsonFiles(`${folder}/studies`)).map((file) => file.slice(0, -".json".length));
  if (!names.includes(name)) {
    const meant = nearest(name, names);
    throw new RangeError(
      names.length === 0
        ? `studies lie in the course's repository, in results/studies; ${folder} has none`
        : `a study must be one of ${names.join(", ")}; got ${name}${meant === undefined ? "" : `: is ${meant} meant?`}`,
    );
  }
  const text = new TextDecoder().decode(await readBytes(`${folder}/studies/${name}.json`));
  const { title, question, differs, sweep } = JSON.parse(text) as Study;
  const byRun = await recordsByRun(`${folder}/records/runs`);
  // A module's path is written from the repository's root, the folder above the results.
  const jobs = await jobsOf(sweep, (path) => `${folder}/../${path}`);
  const found = await Promise.all(
    jobs.map(async (job) => ({
      name: job.name,
      record: byRun.get(keyOf(await configHashOf(await recordedConfig(job)), job.seed)),
    })),
  );
  const networks = [...new Set(jobs.map((job) => job.name))].map((network) =>
    runsOf(
      network,
      found.flatMap((run) => (run.name === network && run.record ? run.record : [])),
    ),
  );
  const records = networks.flatMap((network) => network.records);
  return {
    title,
    question,
    differs,
    networks,
    missing: jobs.length - records.length,
    conditions: conditionsOf(records, jobs.length),
  };
}

interface Study {
  readonly title: string;
  readonly question: string;
  readonly differs: string;
  readonly sweep: Sweep;
}

const keyOf = (configHash: string, seed: number): string => `${configHash} ${seed}`;
const endOf = ({ sessions }: RunRecord): string => sessions.at(-1)!.end;

async function recordsByRun(folder: string): Promise<ReadonlyMap<string, RunRecord>> {
  const files = await jsonFiles(folder);
  const records = await Promise.all(files.map((file) => readRecord(`${folder}/${file}`)));
  // The last one put in stays: that which ended first.
  records.sort((a, b) => (endOf(a) < endOf(b) ? 1 : -1));
  return new Map(records.map((record) => [keyOf(record.configHash, record.seed), record]));
}

function runsOf(name: string, records: readonly RunRecord[]): RecordedNetworkRuns {
  // 20.3 and not 20.299999999999997.
  const percent = (accuracy: number): number => rounded(100 * (1 - accuracy));
  return {
    name,
    seeds: records.map(({ seed }) => seed),
    errors: {
      train: records.map(({ metrics }) => percent(metrics.train.accuracy)),
      test: records.map(({ metrics }) => percent(metrics.test.accuracy)),
    },
    curves: {
      loss: records.map(({ curves }) => curves.epochs.loss),
      error: records.map(({ curves }) => curves.epochs.accuracy.map(percent)),
    },
    records,
  };
}
