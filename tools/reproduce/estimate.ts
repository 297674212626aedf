// How long runs take here: measured on the runs themselves, whose first updates it makes, so that nothing of it is lost.
import { data, nn, train } from "residual";
import { recipeOf } from "../../lib/sweep/own-recipe";
import { formatSeconds } from "../notebooks/duration";
import { standingOf, type Recorded } from "./train-recorded";

/** What is planned. */
export interface Plan {
  readonly runs: number;
  /** Training images that pass through the networks. */
  readonly images: number;
  /** Seconds on this machine, all cores; undefined where the measurement was stopped. */
  readonly seconds: number | undefined;
}

/** For so long, in seconds, the speed is measured. */
const measuringSeconds = 20;

/**
 * Trains the missing runs of the first sweep for 20 seconds, and reckons by how far they came and by how many multiplications the others are. The
 * measurement's updates are kept as any are that were stopped.
 *
 * @returns seconds that are left, or undefined if it was stopped
 */
export async function measureSeconds(
  sweeps: readonly Recorded[],
  options: { readonly signal: AbortSignal; readonly workers?: number },
): Promise<number | undefined> {
  const [first] = sweeps as [Recorded];
  const works = await Promise.all(sweeps.map(workOf));
  const enough = new AbortController();
  const began = performance.now() / 1000;
  let mark: { at: number; fraction: number } | undefined;
  let seconds: number | undefined;
  const progress = ({ fraction, running }: train.SweepReport) => {
    const at = performance.now() / 1000;
    // Before, processes start and steps are compiled.
    if (running.length === 0 || fraction === 0) return;
    mark ??= { at, fraction };
    const [passed, gained] = [at - mark.at, fraction - mark.fraction];
    if (passed < measuringSeconds || gained <= 0) return;
    seconds = (passed / gained) * (1 - fraction);
    enough.abort();
  };
  const { missing } = await standingOf(first);
  const { folder, sweep } = first;
  const signal = AbortSignal.any([enough.signal, options.signal]);
  const { workers } = options;
  await train.sweep(sweep, {
    folder,
    only: missing,
    progress,
    signal,
    ...(workers !== undefined && { workers }),
  });
  if (options.signal.aborted) return undefined;
  // The first sweep was through before: what is left of it is nothing, and it took so long as it took.
  const whole = seconds ?? performance.now() / 1000 - began;
  const others = works.slice(1).reduce((sum, work) => sum + work, 0);
  return (seconds ?? 0) + (whole * others) / works[0]!;
}

/** The missing runs of a sweep, in multiplications of a forward pass. */
async function workOf(what: Recorded): Promise<number> {
  const { missing } = await standingOf(what);
  const { networks, seeds } = what.sweep;
  return missing.reduce((sum, place) => {
    const network = networks[Math.floor(place / seeds.length)]!;
    const each = "module" in network ? 1e6 : multiplyAdds(network);
    return sum + each * trainingImages(what.sweep, network);
  }, 0);
}

/** Of a forward pass of one image. */
export const multiplyAdds = ({ model, options }: train.SweptSpec): number =>
  nn.multiplyAdds(nn.buildArchitecture({ model, options }));

/** The plan in one line. */
export const planText = ({ runs, images, seconds }: Plan): string =>
  `${runs} ${runs === 1 ? "run" : "runs"} without a record, ${images.toLocaleString("en")} training images` +
  (seconds === undefined ? "" : `, about ${formatSeconds(seconds)} on this machine`);

/** How many training images pass through a network of a sweep in one run; without a network, by the sweep's own recipe. */
export function trainingImages(
  { data: about, recipe: common }: train.Sweep,
  network: Pick<train.SweptSpec, "recipe"> = {},
): number {
  const recipe = recipeOf(common, network);
  const { batchSize = 128 } = recipe;
  const described = data.catalogue[about.name];
  const classes = (about.labels === "coarse" ? described.coarseClasses! : described.classes).length;
  const images = about.perClass ? about.perClass[0] * classes : described.images.train;
  const updates =
    recipe.lastBatch === "keep" ? Math.ceil(images / batchSize) : Math.floor(images / batchSize);
  return (recipe.steps ?? recipe.epochs! * updates) * batchSize;
}
