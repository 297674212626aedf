// The loss along one or two directions in weight space, point by point, stopping and going on where it was.
import { exists, readBytes, writeBytesAtomically } from "#files";
import { parseExactly, stringifyExactly } from "../files/exact-json.js";
import { fingerprint } from "../files/fingerprint.js";
import { asJson, firstDifference, inWords, isObject } from "../train/difference.js";
import { roundedAs } from "../train/computes.js";
import { modelIdentity, sourceIdentity, weightsFingerprint } from "../train/identity.js";
import { evaluate } from "../train/evaluate.js";
import { nextTurn } from "../train/next-turn.js";
import { duration } from "../display/duration.js";
import { liveLine, textBar } from "../display/live-line.js";
import { endingItself, stopWhen } from "../train/stop.js";
import type { BatchSource, Trainable } from "../model/trainable.js";
import { displaced, type Direction } from "./directions.js";
import { norm } from "../numeric.js";
import { oneOf, onlyKnown } from "../options.js";

/** How a surface is measured. */
export interface LossSurfaceOptions {
  /** Steps along the first direction. Default: 21 from -1 to 1. */
  readonly steps?: readonly number[];
  /** Steps along the second direction. Default: those along the first. */
  readonly secondSteps?: readonly number[];
  /**
   * A file that takes what is measured; a later call with the same file goes on where it was. A file of other weights, directions, images,
   * steps or another label is refused. Default: none.
   */
  readonly path?: string;
  /** What the surface is called. Default: the network's name. */
  readonly label?: string;
  /** `auto` (the default): a live bar in a notebook or terminal, where it takes over two seconds. `none`. */
  readonly progress?: "auto" | "none";
  /** Called after each point. */
  readonly onPoint?: (progress: SurfaceProgress) => void;
  /** Stops between two points; a notebook's interrupt does so without it. What was measured stays in the file. */
  readonly signal?: AbortSignal;
}

/** How far a surface is. */
export interface SurfaceProgress {
  readonly done: number;
  readonly of: number;
  /** At the speed of this call so far. */
  readonly secondsLeft: number;
}

/** A measured surface. */
export interface LossSurface {
  readonly label: string;
  readonly data: string;
  readonly steps: readonly number[];
  /** [0] in one dimension. */
  readonly secondSteps: readonly number[];
  /** [rows][columns]: row i moved secondSteps[i] along the second direction, column j steps[j] along the first. */
  readonly losses: readonly (readonly number[])[];
}

const format = 4;

/** A surface that takes less than this shows no progress. */
const silentMilliseconds = 2000;

/**
 * The mean loss of a network in inference mode at w + a d_1 (+ b d_2), over every image of a source. The network's weights are as before
 * when it returns, also where it is stopped. Statistics of batch norm stay those of w, as in Li et al. 2018.
 *
 * @throws DOMException `AbortError` if it was stopped; Error if the file holds another surface.
 *
 * @example
 * ```ts
 * const source = data.batches(await data.load("fashion-mnist-sample", { limit: 10 }));
 * const network = nn.cifarResNet({ depth: 8, widths: [2, 2, 2], inputShape: source.imageShape });
 * const direction = await analysis.randomDirection(network, 1);
 * const { steps, losses } = await analysis.lossSurface(network, source, [direction], { steps: [-1, 0, 1] });
 * [steps.length, losses[0].length]; // [3, 3]
 * ```
 */
export function lossSurface(
  network: Trainable,
  source: BatchSource,
  directions: readonly [Direction] | readonly [Direction, Direction],
  options: LossSurfaceOptions = {},
): Promise<LossSurface> {
  // An interrupted cell waits until the weights are back and the file is written.
  return endingItself(() => measure(network, source, directions, options));
}

async function measure(
  network: Trainable,
  source: BatchSource,
  directions: readonly [Direction] | readonly [Direction, Direction],
  options: LossSurfaceOptions,
): Promise<LossSurface> {
  onlyKnown("lossSurface", options, [
    "steps",
    "secondSteps",
    "path",
    "label",
    "progress",
    "onPoint",
    "signal",
  ]);
  const progress = oneOf("lossSurface: progress", options.progress ?? "auto", ["auto", "none"]);
  const { steps = Array.from({ length: 21 }, (_, i) => (i - 10) / 10), path, onPoint, signal } = options;
  const label = options.label ?? network.name ?? network.spec.model;
  const [first, second] = directions;
  const rows = second ? (options.secondSteps ?? steps) : [0];
  for (const [name, along] of [
    ["steps", steps],
    ["secondSteps", rows],
  ] as const) {
    // prettier-ignore
    if (along.length === 0 || !along.every(Number.isFinite)) {
      throw new RangeError(`${name} must be at least one finite number; got ${along.join(", ") || "none"}`);
    }
  }
  const identity = {
    format,
    label,
    steps,
    rows,
    ...(path !== undefined && {
      model: await modelIdentity(network),
      weights: await weightsFingerprint(network.variables()),
      directions: await Promise.all(directions.map(directionFingerprint)),
      data: await sourceIdentity(source),
    }),
  };
  const losses = (path === undefined ? undefined : await restore(path, identity)) ?? rows.map(() => steps.map(() => null as number | null)); // prettier-ignore

  const stopped = stopWhen(signal);
  const of = rows.length * steps.length;
  let done = losses.flat().filter((loss) => loss !== null).length;
  const already = done;
  const start = performance.now();
  let saved = start;
  let drawn = start + silentMilliseconds;
  const line = progress === "none" ? undefined : liveLine(`loss surface of ${label}`);
  const show = (secondsLeft: number) => {
    if (performance.now() < drawn) return;
    drawn = performance.now() + 250;
    line?.live(`${textBar(done / of)} ${done}/${of} points, ${duration(secondsLeft)} left`, done / of);
  };
  const save = async () => {
    if (path === undefined) return;
    await writeBytesAtomically(path, new TextEncoder().encode(stringifyExactly({ ...identity, losses })));
    saved = performance.now();
  };
  try {
    for (const [i, b] of rows.entries()) {
      for (const [j, a] of steps.entries()) {
        if (losses[i]![j] !== null) continue;
        if (stopped()) {
          signal?.throwIfAborted();
          throw new DOMException("the loss surface was stopped", "AbortError");
        }
        const moves = second ? ([[a, first], [b, second]] as const) : ([[a, first]] as const); // prettier-ignore
        const { loss } = await displaced(network, moves, () => evaluate(network, source, { progress: "none", ...(signal && { signal }) })); // prettier-ignore
        losses[i]![j] = loss;
        done++;
        const seconds = (performance.now() - start) / 1000;
        const secondsLeft = (seconds / (done - already)) * (of - done);
        onPoint?.({ done, of, secondsLeft });
        show(secondsLeft);
        if (performance.now() - saved > 10_000) await save();
        await nextTurn();
      }
    }
  } finally {
    await save(); // also where it was stopped
    const seconds = (performance.now() - start) / 1000;
    line?.end(
      1000 * seconds < silentMilliseconds ? undefined : `${done}/${of} points after ${duration(seconds)}`,
    );
  }
  return { label, data: source.name, steps, secondSteps: rows, losses: losses as number[][] };
}

async function restore(
  path: string,
  identity: { readonly steps: readonly number[]; readonly rows: readonly number[] },
): Promise<(number | null)[][] | undefined> {
  if (!(await exists(path))) return undefined;
  let stored: unknown;
  try {
    stored = parseExactly(new TextDecoder().decode(await readBytes(path)));
  } catch {
    throw new Error(`${path}: not a loss surface: it is not valid JSON; remove it to measure anew`);
  }
  if (!isObject(stored))
    throw new Error(`${path}: not a loss surface: it is ${inWords(stored)}; remove it to measure anew`);
  const { losses, ...other } = stored;
  const different = firstDifference(other, roundedAs(other, asJson(identity)));
  if (different) {
    const { place, first, second } = different;
    throw new Error(
      `${path}: another surface: its ${place} is ${inWords(first)}, and ${inWords(second)} was asked for; give another path`,
    );
  }
  const { rows, steps } = identity;
  if (!isGrid(losses, rows.length, steps.length)) {
    throw new Error(`${path}: must hold ${rows.length} x ${steps.length} losses; remove it to measure anew`);
  }
  return losses;
}

function isGrid(value: unknown, rows: number, columns: number): value is (number | null)[][] {
  const isRow = (row: unknown) =>
    Array.isArray(row) &&
    row.length === columns &&
    row.every((loss) => loss === null || typeof loss === "number");
  return Array.isArray(value) && value.length === rows && value.every(isRow);
}

function directionFingerprint(direction: Direction): Promise<string> {
  return fingerprint([...direction].flat());
}

/**
 * How rough a line of losses is: the length of its second differences over that of its first, both as Euclidean norms. A straight line has
 * 0, independent noise about sqrt(3). It does not change when the losses are scaled or shifted.
 * @throws RangeError with fewer than three losses, or where one is not finite.
 *
 * @example
 * ```ts
 * analysis.roughness([1, 2, 3, 4]); // 0
 * ```
 */
export function roughness(losses: readonly number[]): number {
  if (losses.length < 3 || !losses.every(Number.isFinite)) {
    throw new RangeError(
      `roughness needs at least three finite losses; got ${losses.slice(0, 6).join(", ")}`,
    );
  }
  const differences = (values: readonly number[]) => values.slice(1).map((value, i) => value - values[i]!);
  const first = differences(losses);
  const slope = norm(first);
  return slope === 0 ? 0 : norm(differences(first)) / slope;
}
