// The weights that a recorded run ended with: kept beside the records where they are small, and held to the fingerprint in the record.
import { exists } from "#files";
import { resultsFolder } from "#results";
import { build, type Network } from "../nn/index.js";
import { onlyKnown } from "../options.js";
import { weightsFingerprint } from "../train/identity.js";
import { loadWeights, saveWeights } from "../train/index.js";
import { recordName, type RunRecord } from "./record.js";

/** The most bytes of weights that are kept for a run, because whoever clones the repository gets them all. */
const mostBytes = 1_000_000;

/** Options of `recordedNetwork` and `keepWeights`. */
export interface RecordedWeightsOptions {
  /** A folder like the repository's `results`, with `records/weights`; the repository's by default. */
  readonly folder?: string;
}

/**
 * The network of a recorded run with the weights that it ended with, running averages included. It holds memory until disposed.
 *
 * @throws TypeError where there is no record, as for a seed that a study lacks.
 * @throws RangeError where the network is of a module of its user's, which no record holds.
 * @throws Error where its weights are not kept, or are not those that the record names.
 *
 * @example
 * ```ts
 * const { networks } = await train.recordedStudy("converged");
 * const [record] = networks.find(({ name }) => name === "residual-20").records;
 * const network = await train.recordedNetwork(record);
 * network.units.length; // 9
 * ```
 */
export async function recordedNetwork(
  record: RunRecord,
  options: RecordedWeightsOptions = {},
): Promise<Network> {
  onlyKnown("recordedNetwork", options, ["folder"]);
  // The fifth seed of a study with three is undefined.
  const given = record as Partial<RunRecord> | undefined;
  if (given?.config === undefined)
    throw new TypeError(`a record must be given, one of those that train.recordedStudy lists for a network; got ${given === undefined ? "undefined: has the study so many seeds recorded?" : "something else"}`); // prettier-ignore
  const path = pathOf(record, options);
  if (!(await exists(path)))
    throw new Error(
      `${path} is not there: the weights of ${record.name}, seed ${record.seed}, are not kept. npm run replay -- ${recordName(record)} --keep trains the run again and keeps them`,
    );
  return loaded(record, path);
}

/**
 * Keeps the weights of a finished run, out of its checkpoint and without the state of training, where `recordedNetwork` finds them; they are
 * not written anew where they are there already.
 *
 * @param checkpoint the file that the run left, as `train.sweep` names it
 * @returns the path of the weights; undefined where they are over a megabyte or the network is of a module of its user's, and none are kept
 * @throws Error where the checkpoint is not the one that the record names.
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
 * const [{ record, checkpoint }] = runs;
 * await train.keepWeights(record, checkpoint, { folder: "results" });
 * const network = await train.recordedNetwork(record, { folder: "results" });
 * network.units.length; // 3
 * ```
 */
export async function keepWeights(
  record: RunRecord,
  checkpoint: string,
  options: RecordedWeightsOptions = {},
): Promise<string | undefined> {
  onlyKnown("keepWeights", options, ["folder"]);
  if ("module" in record.config.network) return undefined;
  const path = pathOf(record, options);
  if (await exists(path)) return path;
  const network = await loaded(record, checkpoint);
  try {
    const values = network.variables().reduce((sum, { variable }) => sum + variable.size, 0);
    if (4 * values > mostBytes) return undefined;
    await saveWeights(network, path);
    return path;
  } finally {
    network.dispose();
  }
}

const pathOf = (record: RunRecord, { folder = resultsFolder() }: RecordedWeightsOptions): string =>
  `${folder}/records/weights/${recordName(record).replace(/json$/, "safetensors")}`;

async function loaded({ config, name, seed, checkpoint }: RunRecord, path: string): Promise<Network> {
  if ("module" in config.network)
    throw new RangeError(
      `a record's network must be of a family of the library to be built from it; ${name} is of ${config.network.module}`,
    );
  const network = build(config.network);
  try {
    await loadWeights(network, path);
    const found = await weightsFingerprint(network.variables());
    if (found !== checkpoint.weights)
      throw new Error(
        `${path}: must hold the weights that ${name}, seed ${seed}, ended with, whose fingerprint is ${checkpoint.weights}; those in it have ${found}`,
      );
    return network;
  } catch (error) {
    network.dispose();
    throw error;
  }
}
