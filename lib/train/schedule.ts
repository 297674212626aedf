// Learning-rate schedules: plain functions of the step, with a description that a checkpoint can keep.
import { oneOf, onlyKnown, shown } from "../options.js";

/** A learning rate for every step. */
export interface Schedule {
  /** The rate of the update that follows `step` updates; the first update has step 0. */
  readonly learningRate: (step: number) => number;
  /** Says the same in JSON. A checkpoint holds it, and a run with another schedule does not resume from there. */
  readonly description: Readonly<Record<string, unknown>>;
}

/**
 * The same rate throughout.
 *
 * @throws RangeError unless the rate is a finite number of at least 0.
 *
 * @example
 * ```ts
 * train.constant(0.1).learningRate(1000); // 0.1
 * ```
 */
export function constant(learningRate: number): Schedule {
  checkRate("learningRate", learningRate);
  return { learningRate: () => learningRate, description: { schedule: "constant", learningRate } };
}

/** Options of `stepSchedule`. */
export interface StepScheduleOptions {
  /** The rate before the first drop. */
  readonly learningRate: number;
  /** After how many updates the rate drops, ascending. */
  readonly at: readonly number[];
  /** What the rate is multiplied by at each drop; 0.1 by default. */
  readonly factor?: number;
}

/**
 * A rate that drops at given steps. The ResNet paper, section 4.2: 0.1, divided by 10 at 32,000 and 48,000 of 64,000
 * iterations, is `stepSchedule({ learningRate: 0.1, at: [32_000, 48_000] })`.
 *
 * @throws RangeError where a rate or factor is negative or the steps do not ascend.
 *
 * @example
 * ```ts
 * const schedule = train.stepSchedule({ learningRate: 0.1, at: [32_000, 48_000] });
 * [0, 32_000, 48_000].map((step) => schedule.learningRate(step)); // [0.1, 0.01, 0.001]
 * ```
 */
export function stepSchedule(options: StepScheduleOptions): Schedule {
  onlyKnown("stepSchedule", options, ["learningRate", "at", "factor"], ["learningRate", "at"]);
  const { learningRate, at, factor = 0.1 } = options;
  checkRate("learningRate", learningRate);
  checkRate("factor", factor);
  at.forEach((step, i) => {
    checkSteps("a step of `at`", step);
    if (i > 0 && step <= at[i - 1]!)
      throw new RangeError(`the steps of \`at\` must ascend; got ${at.join(", ")}`);
  });
  return {
    learningRate: (step) => learningRate * factor ** at.filter((drop) => step >= drop).length,
    description: { schedule: "steps", learningRate, at: [...at], factor },
  };
}

/** Options of `warmUp`. */
export interface WarmUpOptions {
  /** The rate of the first updates, or with a ramp of the very first. */
  readonly learningRate: number;
  /** How many updates the warm-up takes. */
  readonly steps: number;
  /** `constant` (the default): all of them have that rate. `ramp`: it changes evenly from there to the rate that follows. */
  readonly shape?: "constant" | "ramp";
  /** What follows. Its steps count from the start of training, not from the end of the warm-up. */
  readonly then: Schedule;
}

/**
 * A lower rate for the first steps. The ResNet paper (section 4.2) trains its 110-layer network at 0.01 until the training
 * error is below 80 %, "about 400 iterations", then at 0.1. Here the number of steps decides, not the error, so that a
 * schedule stays a function of the step: `warmUp({ learningRate: 0.01, steps: 400, then: stepSchedule({ ... }) })`.
 *
 * Most later recipes raise the rate evenly instead (Goyal et al. 2017, section 2.2): with `shape: "ramp"` update t of `steps` has
 * `learningRate + (r - learningRate) t / steps`, where r is what `then` gives at the end of the warm-up.
 *
 * @throws RangeError where the rate is negative or the steps are no whole number.
 *
 * @example
 * ```ts
 * const schedule = train.warmUp({ learningRate: 0.01, steps: 400, then: train.constant(0.1) });
 * [0, 400].map((step) => schedule.learningRate(step)); // [0.01, 0.1]
 * ```
 */
export function warmUp(options: WarmUpOptions): Schedule {
  onlyKnown("warmUp", options, ["learningRate", "steps", "then", "shape"], ["learningRate", "steps", "then"]);
  const { learningRate, steps, then } = options;
  const shape = oneOf("warmUp: shape", options.shape ?? "constant", ["constant", "ramp"]);
  checkRate("learningRate", learningRate);
  checkSteps("steps", steps);
  const warming = (step: number): number =>
    shape === "constant"
      ? learningRate
      : learningRate + ((then.learningRate(steps) - learningRate) * step) / steps;
  return {
    learningRate: (step) => (step < steps ? warming(step) : then.learningRate(step)),
    description: { schedule: "warm-up", learningRate, steps, shape, then: then.description },
  };
}

/** Options of `cosine`. */
export interface CosineOptions {
  /** The rate at step 0. */
  readonly learningRate: number;
  /** How many updates the descent takes; usually all of them. */
  readonly steps: number;
  /** The rate from then on; 0 by default. */
  readonly end?: number;
}

/**
 * Half a cosine from `learningRate` down to `end` (Loshchilov and Hutter 2017, *SGDR*, equation 5, without restarts).
 *
 * @throws RangeError where a rate is negative or the steps are no whole number of at least 1.
 *
 * @example
 * ```ts
 * const schedule = train.cosine({ learningRate: 0.1, steps: 100 });
 * [0, 50, 100].map((step) => schedule.learningRate(step)); // [0.1, 0.05, 0]
 * ```
 */
export function cosine(options: CosineOptions): Schedule {
  onlyKnown("cosine", options, ["learningRate", "steps", "end"], ["learningRate", "steps"]);
  const { learningRate, steps, end = 0 } = options;
  checkRate("learningRate", learningRate);
  checkRate("end", end);
  checkSteps("steps", steps);
  if (steps === 0) throw new RangeError("steps must be at least 1; got 0");
  return {
    learningRate: (step) =>
      end + (learningRate - end) * 0.5 * (1 + Math.cos((Math.PI * Math.min(step, steps)) / steps)),
    description: { schedule: "cosine", learningRate, steps, end },
  };
}

function checkRate(name: string, value: number): void {
  if (!Number.isFinite(value) || value < 0) {
    throw new RangeError(`${name} must be a finite number of at least 0; got ${shown(value)}`);
  }
}

function checkSteps(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`${name} must be a whole number of at least 0; got ${value}`);
  }
}
