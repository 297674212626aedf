// Optimizers and schedules as JSON and back: what `train` makes describes itself, and is made again from that.
import { onlyKnown, shown } from "../options.js";
import { optimizerComputes } from "../train/computes.js";
import {
  adam,
  adamW,
  constant,
  cosine,
  sgd,
  stepSchedule,
  warmUp,
  type CosineOptions,
  type Optimizer,
  type Schedule,
  type StepScheduleOptions,
  type WarmUpOptions,
} from "../train/index.js";

/** What an optimizer or a schedule says of itself; JSON. */
export type Description = Readonly<Record<string, unknown>>;

/**
 * The optimizer that a description names; or the one given, if its description makes it again, which is measured.
 *
 * @throws RangeError if it is one of the caller's own: another process could not make it.
 */
export async function optimizerOf(given: Optimizer | Description): Promise<Optimizer> {
  const description = descriptionOf(given);
  const { optimizer, ...options } = description;
  const make = new Map<unknown, (options: object) => Optimizer>([
    ["sgd", sgd],
    ["adam", adam],
    ["adamW", adamW],
  ]).get(optimizer);
  if (!make) return refuse("optimizer", description, "train.sgd, adam or adamW");
  const again = make(options);
  if (isOptimizer(given)) {
    const [own, made] = [await optimizerComputes(given), await optimizerComputes(again)];
    if (own.some((value, i) => value !== made[i]))
      refuse("optimizer", description, "train.sgd, adam or adamW alone");
  }
  return again;
}

/** More updates than any run of the papers has. */
const comparedSteps = 100_000;

/** The same for a schedule, whose rates are compared. @throws RangeError if it is one of the caller's own. */
export function scheduleOf(given: Schedule | Description): Schedule {
  const description = descriptionOf(given);
  const again = described(description);
  if (isSchedule(given)) {
    for (let step = 0; step < comparedSteps; step++) {
      if (given.learningRate(step) !== again.learningRate(step))
        return refuse("schedule", description, "train.constant, stepSchedule, cosine or warmUp alone");
    }
  }
  return again;
}

function described(description: Description): Schedule {
  const { schedule, ...options } = description;
  switch (schedule) {
    case "constant": {
      onlyKnown("a constant schedule", options, ["learningRate"], ["learningRate"]);
      return constant(options["learningRate"] as number);
    }
    case "steps":
      return stepSchedule(options as unknown as StepScheduleOptions);
    case "cosine":
      return cosine(options as unknown as CosineOptions);
    case "warm-up": {
      onlyKnown(
        "a warm-up",
        options,
        ["learningRate", "steps", "then", "shape"],
        ["learningRate", "steps", "then"],
      );
      const { then, ...rest } = options as unknown as Omit<WarmUpOptions, "then"> & { then: Description };
      return warmUp({ ...rest, then: scheduleOf(then) });
    }
    default:
      return refuse("schedule", description, "train.constant, stepSchedule, cosine or warmUp");
  }
}

function descriptionOf(given: Optimizer | Schedule | Description): Description {
  const object: unknown = given; // JSON may hold anything
  if (typeof object !== "object" || object === null)
    throw new TypeError(
      `a recipe's optimizer and schedule are made by train, or described; got ${shown(object)}`,
    );
  return isOptimizer(given) || isSchedule(given) ? given.description : given;
}

const isOptimizer = (given: object): given is Optimizer => "start" in given;
const isSchedule = (given: object): given is Schedule =>
  typeof (given as Partial<Schedule>).learningRate === "function";

function refuse(what: string, description: Description, known: string): never {
  throw new RangeError(
    `a sweep's ${what} must be made by ${known}, since other processes make it from its description; got ${shown(description)}`,
  );
}
