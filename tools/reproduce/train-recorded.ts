// Trains what a sweep still lacks records of, the first seeds of all networks before the others, and writes the records.
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { train } from "residual";
import { readRecords, RecordIndex, runsFolder } from "../records/store";

/** A sweep with what it is and where its files go. */
export interface Recorded {
  readonly sweep: train.Sweep;
  /** The repository, in which the records lie. */
  readonly root: string;
  /** The checkpoints' folder. */
  readonly folder: string;
  /** The records' folder; that of the repository by default. */
  readonly records?: string;
}

/** How a sweep stands: its runs, in order, and which have no record yet. */
export interface Standing {
  readonly runs: readonly (train.PlacedRun & { readonly record?: train.RunRecord })[];
  /** Their places among all runs. */
  readonly missing: readonly number[];
}

/** Looks up which runs of a sweep have a record; `index` has the records, where they are read already. */
export async function standingOf(
  { sweep, root, folder, records }: Recorded,
  index?: RecordIndex,
): Promise<Standing> {
  index ??= new RecordIndex(await readRecords(root, records));
  const runs = (await train.sweepRuns(sweep, folder)).map((run) => {
    const record = index.find(run)?.record;
    return { ...run, ...(record && { record }) };
  });
  return { runs, missing: runs.flatMap(({ record }, place) => (record ? [] : [place])) };
}

/** What a call is told besides. */
export interface TrainOptions {
  readonly signal: AbortSignal;
  readonly workers?: number;
  readonly progress?: train.SweepProgress;
  /** Told of each record written. */
  readonly written?: (path: string) => void;
}

/**
 * Trains the missing runs. All networks with the first seed go before any with the second, so that whatever ends it early leaves whole seeds.
 * Stopped or killed, the same call goes on from the checkpoints.
 *
 * @returns whether it was stopped
 * @throws SweepFailed where runs failed, when all others are recorded
 */
export async function trainMissing(what: Recorded, options: TrainOptions): Promise<boolean> {
  const { runs, missing } = await standingOf(what);
  const results: train.SweepResult[] = [];
  const failed: train.SweepFailed["failed"][] = [];
  // Enough that no core idles long at the end of a round.
  for (const only of rounds(missing, (place) => runs[place]!.seed, 2 * availableParallelism())) {
    let result: train.SweepResult;
    const { signal, workers, progress = "auto" } = options;
    try {
      result = await train.sweep(what.sweep, { folder: what.folder, only, signal, progress, ...(workers !== undefined && { workers }) }); // prettier-ignore
    } catch (error) {
      if (!(error instanceof train.SweepFailed)) throw error;
      failed.push(error.failed);
      result = error.result;
    }
    for (const run of result.runs) {
      if (!run.record)
        throw new Error(
          `${run.checkpoint} holds a finished run, but nothing beside it says by what it was trained, so it gets no record: delete it to train it anew`,
        );
      // By itself: a call that is left out, because nobody wants to be told, leaves out its argument too.
      const path = await train.writeRecord(run.record, what.records ?? runsFolder(what.root));
      options.written?.(path);
      // Those of a smaller variant are of use to nobody.
      if (what.records === undefined)
        await train.keepWeights(run.record, run.checkpoint, { folder: join(what.root, "results") });
    }
    results.push(result);
    if (result.stopped) return true;
  }
  if (failed.length > 0) throw new train.SweepFailed(failed.flat(), merged(results));
  return false;
}

/** The results of several rounds as one. */
const merged = (results: readonly train.SweepResult[]): train.SweepResult => ({
  ...results.at(-1)!,
  runs: results.flatMap(({ runs }) => runs),
  unfinished: results.flatMap(({ unfinished }) => unfinished),
});

/** Places by their seeds, the first seeds first and whole seeds together, at least so many in each round but the last. */
export function rounds(
  places: readonly number[],
  seedOf: (place: number) => number,
  atLeast: number,
): readonly (readonly number[])[] {
  const seeds = [...new Set(places.map(seedOf))].sort((a, b) => a - b);
  const found: (readonly number[])[] = [];
  let round: readonly number[] = [];
  for (const seed of seeds) {
    round = [...round, ...places.filter((place) => seedOf(place) === seed)];
    if (round.length < atLeast) continue;
    found.push(round);
    round = [];
  }
  return round.length > 0 ? [...found, round] : found;
}
