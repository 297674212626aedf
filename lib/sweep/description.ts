// A sweep as data: networks, images, a recipe and seeds, all JSON, so that another process or another machine can train it.
import { buildArchitecture, type Spec } from "../nn/index.js";
import { aboveZero, integersWithin, integerWithin, kindOf, oneOf, onlyKnown, shown } from "../options.js";
import { catalogue } from "../data/catalogue.js";
import type { Augmentation, DatasetName } from "../data/index.js";
import type { Optimizer, Schedule } from "../train/index.js";
import { recipeOf } from "./own-recipe.js";
import { optimizerOf, scheduleOf, type Description } from "./recipe-parts.js";

/** A network of a family by its spec; the sweep gives it each of its seeds. */
export interface SweptSpec extends Spec {
  /** What displays and results call it. Default: the network's own name. */
  readonly name?: string;
  /** What is another for this network than in the sweep's recipe: a schedule, a clipped gradient, more steps. */
  readonly recipe?: SweepRecipe;
}

/**
 * A network of one's own. The file exports a function `(seed, options) => model`, which is called in each process that trains it; what it
 * imports is found from where the file lies.
 */
export interface SweptModule {
  /** An absolute path, or one from the working directory: JavaScript, or TypeScript where `ts-node` is installed beside it. */
  readonly module: string;
  /** The function's name; `network` by default. */
  readonly export?: string;
  /** Handed to the function; JSON. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** What displays and results call it. Default: the file's name and the function's. */
  readonly name?: string;
  /** As a spec's. */
  readonly recipe?: SweepRecipe;
}

/** The images, as `data.load` and `data.batches` are told. */
export interface SweepData {
  readonly name: DatasetName;
  readonly root?: string;
  readonly as?: string;
  readonly labels?: "fine" | "coarse";
  /** Only the first so many images of each class: [of the training split, of the test split]. */
  readonly perClass?: readonly [number, number];
  /** Averages squares of so many pixels a side, as `data.downsample` does; 1 by default. */
  readonly downsample?: number;
  /** By the training split's own statistics (`per-channel`, the default), or to 0..1 only. */
  readonly normalise?: "per-channel" | "none";
  readonly augment?: "none" | "pad-crop-flip" | Augmentation;
}

/** How every network is trained, as `train.fit` is told. */
export interface SweepRecipe {
  readonly epochs?: number;
  readonly steps?: number;
  readonly batchSize?: number;
  readonly lastBatch?: "drop" | "keep";
  /** The largest norm of all gradients together; larger ones are scaled down to it. */
  readonly clipNorm?: number;
  /** The longest that a unit's gradient may be, as a share of the unit's weights (`train.fit`). */
  readonly adaptiveClip?: number;
  /** One that `train` makes, or its `description`; `sgd()` by default. */
  readonly optimizer?: Optimizer | Description;
  /** One that `train` makes, or its `description`; `constant(0.1)` by default. */
  readonly schedule?: Schedule | Description;
  /** `test` measures the test split after each epoch too; `none` (the default) only at the end. */
  readonly validation?: "none" | "test";
}

/** Every network with every seed on the same images, by one recipe but for what a network has of its own. */
export interface Sweep {
  readonly networks: readonly (SweptSpec | SweptModule)[];
  readonly data: SweepData;
  readonly recipe: SweepRecipe;
  /** Each decides a network's first weights, and the order and augmentation of its images. */
  readonly seeds: readonly number[];
}

/** One run of a sweep, complete and plain: what is sent to whoever trains it. */
export interface Job {
  readonly name: string;
  readonly network: PlainNetwork;
  readonly data: SweepData;
  readonly recipe: Omit<SweepRecipe, "optimizer" | "schedule"> & {
    readonly optimizer?: Description;
    readonly schedule?: Description;
  };
  readonly seed: number;
}

/**
 * The runs of a sweep in order: each network with its seeds, one after another.
 *
 * @param absolute makes a module's path absolute
 * @throws TypeError and RangeError where the sweep breaks a rule, or holds what cannot be sent, with what to do instead.
 */
export async function jobsOf(sweep: Sweep, absolute: (path: string) => string): Promise<readonly Job[]> {
  onlyKnown("sweep", sweep, ["networks", "data", "recipe", "seeds"], ["networks", "data", "recipe", "seeds"]);
  const { networks, data, seeds } = sweep;
  if (!Array.isArray(networks) || networks.length === 0)
    throw new RangeError(`sweep: networks must be a list of at least one; got ${kindOf(networks)}`);
  if (!Array.isArray(seeds) || seeds.length === 0)
    throw new RangeError(`sweep: seeds must be a list of at least one integer; got ${shown(seeds)}`);
  integersWithin("sweep: seeds", seeds, seeds.length, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  if (new Set(seeds).size < seeds.length)
    throw new RangeError(
      `sweep: seeds must differ, since a seed twice is the same run twice; got ${seeds.join(", ")}`,
    );
  checkData(data);
  const common = await plainRecipe("sweep: recipe", sweep.recipe);
  const lists = networks.map(async (network: SweptSpec | SweptModule, i) => {
    const what = `sweep: networks[${i}]`;
    const { name, ...plain } = plainNetwork(network, what, absolute);
    const recipe = network.recipe === undefined ? common : await plainRecipe(`${what}.recipe`, recipeOf(sweep.recipe, network)); // prettier-ignore
    return seeds.map((seed: number): Job => ({ name, network: withSeed(plain, seed), data, recipe, seed }));
  });
  const jobs = (await Promise.all(lists)).flat();
  const names = new Set(jobs.map((job) => `${job.name} ${job.seed}`));
  if (names.size < jobs.length) {
    throw new RangeError(
      `sweep: networks must have names of their own, since results are told apart by them; got ${networks.map((_, i) => jobs[i * seeds.length]!.name).join(", ")}: give { name: "..." }`,
    );
  }
  return jobs;
}

function checkData(data: SweepData): void {
  onlyKnown("sweep: data", data, ["name", "root", "as", "labels", "perClass", "downsample", "normalise", "augment"], ["name"]); // prettier-ignore
  oneOf("sweep: data.name", data.name, Object.keys(catalogue));
  if (data.perClass !== undefined) integersWithin("sweep: data.perClass", data.perClass, 2, 1, 2 ** 31);
  if (data.downsample !== undefined) integerWithin("sweep: data.downsample", data.downsample, 1, 1024);
  oneOf("sweep: data.normalise", data.normalise ?? "per-channel", ["per-channel", "none"]);
  requireJson("sweep: data", data);
}

async function plainRecipe(what: string, recipe: SweepRecipe): Promise<Job["recipe"]> {
  onlyKnown(what, recipe, ["epochs", "steps", "batchSize", "lastBatch", "clipNorm", "adaptiveClip", "optimizer", "schedule", "validation"]); // prettier-ignore
  oneOf(`${what}.validation`, recipe.validation ?? "none", ["none", "test"]);
  if ((recipe.epochs === undefined) === (recipe.steps === undefined))
    throw new RangeError(
      `${what} needs either epochs or steps; got ${recipe.epochs === undefined ? "neither" : "both"}`,
    );
  for (const option of ["epochs", "steps", "batchSize"] as const)
    if (recipe[option] !== undefined) integerWithin(`${what}.${option}`, recipe[option], 1, 2 ** 31);
  for (const option of ["clipNorm", "adaptiveClip"] as const)
    if (recipe[option] !== undefined) aboveZero(`${what}.${option}`, recipe[option]);
  const { optimizer, schedule, ...rest } = recipe;
  requireJson(what, rest);
  return {
    ...rest,
    ...(optimizer !== undefined && { optimizer: (await optimizerOf(optimizer)).description }),
    ...(schedule !== undefined && { schedule: scheduleOf(schedule).description }),
  };
}

type PlainNetwork = Spec | Omit<SweptModule, "name" | "recipe">;

function plainNetwork(
  network: SweptSpec | SweptModule,
  what: string,
  absolute: (path: string) => string,
): PlainNetwork & { readonly name: string } {
  if (typeof network === "object" && "module" in network) {
    onlyKnown(what, network, ["module", "export", "options", "name", "recipe"], ["module"]);
    const { module, export: exported = "network", options = {} } = network;
    requireJson(`${what}.options`, options);
    const path = absolute(module);
    const name = network.name ?? `${path.slice(path.lastIndexOf("/") + 1)} ${exported}`;
    return { module: path, export: exported, options, name };
  }
  onlyKnown(what, network, ["model", "options", "name", "recipe"], ["model", "options"]);
  requireJson(`${what}.options`, network.options);
  const custom = Object.entries(network.options).find(([, value]) => isOwnPart(value));
  if (custom) {
    throw new TypeError(
      `${what} has a ${custom[0]} of your own, which no other process has; write a file that exports (seed, options) => network, and give ` +
        '{ module: "path/of/it.js" } in its place',
    );
  }
  if (network.options["seed"] !== undefined)
    throw new RangeError(
      `${what} must leave its seed to the sweep's seeds; got ${shown(network.options["seed"])}`,
    );
  const { model, options, name } = network;
  // It is checked here, with a name too, before anything is trained or handed to a cluster.
  const { name: usual } = buildArchitecture({ model, options });
  return { model, options, name: name ?? usual };
}

/** A part of the caller's own: a function, `{ name, part }`, or the word that a spec has for one. */
function isOwnPart(value: unknown): boolean {
  return value === "custom" || (typeof value === "object" && value !== null && "part" in value);
}

function withSeed(network: PlainNetwork, seed: number): Job["network"] {
  return "module" in network ? network : { ...network, options: { ...network.options, seed } };
}

/** @throws TypeError where a value would not come out of JSON as it went in. */
function requireJson(what: string, value: unknown): void {
  const wrong = notJson(value, what);
  if (wrong !== undefined)
    throw new TypeError(
      `a sweep is plain data, so that another process can train it: ${wrong} cannot be sent`,
    );
}

function notJson(value: unknown, at: string): string | undefined {
  if (value === null || value === undefined || typeof value === "string" || typeof value === "boolean")
    return undefined;
  if (typeof value === "number") return Number.isFinite(value) ? undefined : `${at}, ${value},`;
  if (Array.isArray(value)) return firstOf(value.map((item, i) => notJson(item, `${at}[${i}]`)));
  if (
    typeof value === "object" &&
    [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null)
  )
    return firstOf(Object.entries(value).map(([key, item]) => notJson(item, `${at}.${key}`)));
  return `${at}, ${typeof value === "function" ? "a function" : kindOf(value)},`;
}

const firstOf = (values: readonly (string | undefined)[]): string | undefined =>
  values.find((value) => value !== undefined);
