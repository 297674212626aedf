// A claim's sweep made smaller: other images, narrower networks, fewer epochs or seeds. It tries the machinery, and decides nothing of the claim.
import { data, nn, type train } from "residual";
import { nearest } from "../../lib/nearest";
import { without } from "../../lib/without";
import { UserError } from "../notebooks/user-error";
import { trainingImages } from "./estimate";

/** What is made smaller. */
export interface Scale {
  /** Factor of every width. */
  readonly width?: number;
  readonly epochs?: number;
  readonly data?: string;
  /** How many seeds, from 1 on. */
  readonly seeds?: number;
}

/** In words what was made smaller; undefined where nothing was. */
export function scaledText({ width, epochs, data: images, seeds }: Scale): string | undefined {
  const parts = [
    ...(width === undefined ? [] : [`${width} of the width`]),
    ...(epochs === undefined ? [] : [`${epochs} ${epochs === 1 ? "epoch" : "epochs"}`]),
    ...(images === undefined ? [] : [images]),
    ...(seeds === undefined ? [] : [`${seeds} seeds`]),
  ];
  return parts.length === 0 ? undefined : parts.join(", ");
}

/** The smaller sweep. @throws UserError where a scale breaks its rule */
export function scaled(sweep: train.Sweep, scale: Scale): train.Sweep {
  const { width = 1, epochs, seeds } = scale;
  if (!(width > 0 && width <= 4)) throw new UserError(`--width must be a factor above 0 and at most 4; got ${width}`); // prettier-ignore
  if (epochs !== undefined && !(Number.isInteger(epochs) && epochs >= 1))
    throw new UserError(`--epochs must be a whole number of at least 1; got ${epochs}`);
  if (seeds !== undefined && !(Number.isInteger(seeds) && seeds >= 2 && seeds <= 1000))
    throw new UserError(`--seeds must be a whole number of at least 2, since one run says nothing of its own scatter; got ${seeds}`); // prettier-ignore
  const images = imagesOf(sweep.data, scale.data);
  const { imageShape, classes } = data.catalogue[images.name];
  const networks = sweep.networks.map((network) => {
    if ("module" in network || network.recipe)
      throw new UserError("only networks of a family by the common recipe can be made smaller");
    const { widths = nn.buildArchitecture(network).spec.options["widths"] } = network.options;
    return {
      ...network,
      options: {
        ...network.options,
        ...(width !== 1 && {
          widths: (widths as number[]).map((one) => Math.max(1, Math.round(width * one))),
        }),
        ...(scale.data !== undefined && { inputShape: imageShape, classes: classes.length }),
      },
    };
  });
  const smaller = { ...sweep, networks, data: images };
  return {
    ...smaller,
    seeds: seeds === undefined ? sweep.seeds : Array.from({ length: seeds }, (_, i) => i + 1),
    ...(epochs !== undefined && { recipe: shortened(smaller, epochs) }),
  };
}

function imagesOf(given: train.SweepData, name: string | undefined): train.SweepData {
  if (name === undefined) return given;
  const names = Object.keys(data.catalogue);
  if (!names.includes(name)) {
    const meant = nearest(name, names);
    throw new UserError(`--data must be one of ${names.join(", ")}; got ${name}${meant === undefined ? "" : `: is ${meant} meant?`}`); // prettier-ignore
  }
  return { ...given, name: name as train.SweepData["name"] };
}

/** The recipe in so many epochs; its rates change at the same fractions of the run. */
function shortened(sweep: train.Sweep, epochs: number): train.SweepRecipe {
  const { recipe } = sweep;
  const { batchSize = 128 } = recipe;
  const rest = without(recipe, "steps", "epochs");
  const all = recipe.steps ?? trainingImages(sweep) / batchSize;
  const few = trainingImages({ ...sweep, recipe: { ...rest, epochs } }) / batchSize;
  const schedule = recipe.schedule && inProportion(recipe.schedule as Described, few / all);
  return { ...rest, epochs, ...(schedule && { schedule }) };
}

type Described = Readonly<Record<string, unknown>>;

/** A schedule's description with its times multiplied. */
function inProportion(schedule: Described, factor: number): Described {
  const times = (step: unknown) => Math.max(1, Math.round(factor * (step as number)));
  const { at, steps, then } = schedule;
  return {
    ...schedule,
    ...(Array.isArray(at) && { at: at.map(times) }),
    ...(steps !== undefined && { steps: times(steps) }),
    ...(then !== undefined && { then: inProportion(then as Described, factor) }),
  };
}
