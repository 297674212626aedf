// The options of a training run, checked, with what follows from them: how many steps, and which images each one sees.
import { randomStream } from "../random/index.js";
import type { CompileOptions } from "../compile/index.js";
import { compileOptions } from "../compile/compile.js";
import { aboveZero, kindOf, numberWithin, oneOf, onlyKnown } from "../options.js";
import type { EpochRecord, StepRecord } from "./metrics.js";
import type { ProgressOption } from "./progress.js";
import { lossComputes, measuredKey, optimizerComputes } from "./computes.js";
import { clippedByNorm, clippedByUnit } from "./gradient-clipping.js";
import { modelIdentity, sourceIdentity, type Identity } from "./identity.js";
import { crossEntropy, type Loss } from "./loss.js";
import { constant, type Schedule } from "./schedule.js";
import type { Optimizer } from "./optimizer.js";
import { sgd } from "./sgd.js";
import type { BatchSource, Trainable } from "../model/trainable.js";
import { averaging } from "./weight-average.js";

/** Where and when a run saves itself. */
export interface CheckpointOptions {
  /**
   * The file. If it exists, the run goes on from there: bit for bit as if it had never stopped, on the same machine and
   * backend and with the same `compile`. If it is another run's, of other images, options, parts or first weights, it is refused with the
   * first difference.
   */
  readonly path: string;
  /** Saves after every so many steps, besides the end of each epoch, a stop, and the end. */
  readonly everySteps?: number;
  /** Saves when so many seconds have passed since the last time; 60 by default. */
  readonly everySeconds?: number;
}

/** Options of `fit`. */
export interface FitOptions {
  /** How often every image is seen. Either this or `steps`. */
  readonly epochs?: number;
  /** How many updates are made. Either this or `epochs`. */
  readonly steps?: number;
  /** Images a step; 128 by default, as in the papers. */
  readonly batchSize?: number;
  /** `drop` (the default): what remains at the end of an epoch is left out, so that all batches are alike. `keep`: it is a batch. */
  readonly lastBatch?: "drop" | "keep";
  /** `sgd()` by default: momentum 0.9, weight decay 1e-4. */
  readonly optimizer?: Optimizer;
  /** `constant(0.1)` by default. */
  readonly schedule?: Schedule;
  /** What training lowers; `crossEntropy()` by default. Loss and validation loss of the history are this one's. */
  readonly loss?: Loss;
  /** The largest norm of all gradients together; larger ones are scaled down to it. Without it none are. */
  readonly clipNorm?: number;
  /**
   * Adaptive gradient clipping: the longest that a unit's gradient may be, as a share of the unit's weights, such as 0.05; longer ones are scaled
   * down to it, before `clipNorm`. The classifier's and those of biases and norms are left as they are.
   */
  readonly adaptiveClip?: number;
  /**
   * Keeps an exponential moving average of the trained weights, of which this share stays at each update, such as 0.999. The result's
   * `average` holds it; training and validation go on with the weights themselves.
   */
  readonly averageDecay?: number;
  /** Decides the order of the images and their augmentation; 1 by default. The model has its own seed. */
  readonly seed?: number;
  /** Evaluated after each epoch. */
  readonly validation?: BatchSource;
  /** Saves the run and resumes it. */
  readonly checkpoint?: CheckpointOptions;
  /** Ends the run after its current step. In a notebook, interrupting the cell does so without it. */
  readonly signal?: AbortSignal;
  /** `auto` (the default): a live bar in a notebook or terminal. `none`. Or a function, called about four times a second. */
  readonly progress?: ProgressOption;
  /**
   * How many steps pass before their losses are read; 1 by default. Reading waits for the device, so a GPU gains by a larger
   * number. The results are the same; `onStep` and the error for a loss that is not finite come later.
   */
  readonly checkEverySteps?: number;
  /**
   * How the step is compiled, which it is by default where the backend can (see `compile`). A model whose forward pass depends on
   * JavaScript values that change during the run names them here by `key`. `false` leaves it uncompiled: right for a few steps of a
   * very deep network, since after the recording TensorFlow takes 17 s for 1001 layers on two cores.
   */
  readonly compile?: CompileOptions | false;
  /** Returns the loss of every step as well. */
  readonly stepLosses?: boolean;
  /** Called after each step, in order; waited for. */
  readonly onStep?: (step: StepRecord) => void | Promise<void>;
  /** Called after each epoch and its validation; waited for. */
  readonly onEpoch?: (epoch: EpochRecord) => void | Promise<void>;
}

/** Every option by name: the compiler misses none. */
const fitOptions: Readonly<Record<keyof FitOptions, true>> = {
  epochs: true,
  steps: true,
  batchSize: true,
  lastBatch: true,
  optimizer: true,
  schedule: true,
  loss: true,
  clipNorm: true,
  adaptiveClip: true,
  averageDecay: true,
  seed: true,
  validation: true,
  checkpoint: true,
  signal: true,
  progress: true,
  checkEverySteps: true,
  compile: true,
  stepLosses: true,
  onStep: true,
  onEpoch: true,
};

/** A checked run. */
export interface Plan {
  readonly batchSize: number;
  readonly optimizer: Optimizer;
  readonly schedule: Schedule;
  readonly loss: Loss;
  readonly seed: number;
  readonly stepsPerEpoch: number;
  readonly steps: number;
  /** Rounded up: the last one may be cut short by `steps`. */
  readonly epochs: number;
  /** The images of the step that follows `step` updates, in the epoch's seeded order. */
  indices(step: number): Int32Array;
  /**
   * What makes this run this run: a checkpoint made with anything else is not its own. JSON.
   *
   * It is everything that decides the weights and the history, apart from the weights that the run begins with, which the checkpoint holds
   * a fingerprint of: model, route and frozen variables; images, normalisation, augmentation and labels, of the validation too; optimizer,
   * schedule, batches, seed. How long the run is is no part of it: a longer one goes on.
   */
  identity(): Promise<Identity>;
}

/**
 * Checks the options against the model and the source.
 *
 * @throws RangeError with the rule and the value that breaks it.
 */
export function planRun(model: Trainable, source: BatchSource, options: FitOptions): Plan {
  onlyKnown("fit", options, Object.keys(fitOptions));
  if (options.checkpoint !== undefined)
    onlyKnown("fit: checkpoint", options.checkpoint, ["path", "everySteps", "everySeconds"], ["path"]);
  if (options.compile !== undefined && options.compile !== false)
    onlyKnown("fit: compile", options.compile, compileOptions);
  const { batchSize = 128, schedule = constant(0.1), loss = crossEntropy(), seed = 1 } = options;
  const { optimizer: rule = sgd(), clipNorm, adaptiveClip, averageDecay } = options;
  const lastBatch = oneOf("fit: lastBatch", options.lastBatch ?? "drop", ["drop", "keep"]);
  checkPart("fit: schedule", schedule, ["learningRate", "description"], "train.constant(0.1)");
  checkPart("fit: optimizer", rule, ["start", "description"], "train.sgd()");
  checkPart("fit: loss", loss, ["perImage", "description"], "train.crossEntropy()");
  checkFit(model, source);
  if (options.validation !== undefined) checkFit(model, options.validation);
  checkCount("batchSize", batchSize);
  if (batchSize > source.size) {
    throw new RangeError(
      `batchSize must be at most the size of ${source.name}, ${source.size} images; got ${batchSize}`,
    );
  }
  if (!Number.isSafeInteger(seed)) throw new RangeError(`seed must be an integer; got ${seed}`);
  for (const [name, value] of [
    ["checkEverySteps", options.checkEverySteps],
    ["checkpoint.everySteps", options.checkpoint?.everySteps],
  ] as const) {
    if (value !== undefined) checkCount(name, value);
  }
  const everySeconds = options.checkpoint?.everySeconds ?? 0;
  if (!(everySeconds >= 0))
    throw new RangeError(`checkpoint.everySeconds must be at least 0; got ${everySeconds}`);

  const stepsPerEpoch = (lastBatch === "drop" ? Math.floor : Math.ceil)(source.size / batchSize);
  const steps = countSteps(options, stepsPerEpoch);
  const optimizer = withHelpers(rule, { clipNorm, adaptiveClip, averageDecay });
  let shuffled: { epoch: number; order: Int32Array } | undefined;
  return {
    batchSize,
    optimizer,
    schedule,
    loss,
    seed,
    stepsPerEpoch,
    steps,
    epochs: Math.ceil(steps / stepsPerEpoch),
    indices(step) {
      const epoch = Math.floor(step / stepsPerEpoch);
      if (shuffled?.epoch !== epoch) {
        shuffled = { epoch, order: randomStream(seed, "shuffle", epoch).permutation(source.size) };
      }
      const first = (step % stepsPerEpoch) * batchSize;
      return shuffled.order.slice(first, first + batchSize);
    },
    identity: async () => ({
      model: await modelIdentity(model),
      data: await sourceIdentity(source),
      validation: options.validation ? await sourceIdentity(options.validation) : null,
      seed,
      batchSize,
      lastBatch,
      optimizer: { ...optimizer.description, [measuredKey]: await optimizerComputes(optimizer) },
      schedule: schedule.description,
      ...(options.loss && { loss: { ...loss.description, [measuredKey]: await lossComputes(loss) } }),
      stepLosses: options.stepLosses ?? false,
    }),
  };
}

/** The optimizer with what clips its gradients and averages its weights. */
function withHelpers(
  optimizer: Optimizer,
  {
    clipNorm,
    adaptiveClip,
    averageDecay,
  }: Readonly<Record<"clipNorm" | "adaptiveClip" | "averageDecay", number | undefined>>,
): Optimizer {
  let result = optimizer;
  if (clipNorm !== undefined) result = clippedByNorm(result, aboveZero("fit: clipNorm", clipNorm));
  // The outer one sees the gradients first.
  if (adaptiveClip !== undefined)
    result = clippedByUnit(result, aboveZero("fit: adaptiveClip", adaptiveClip));
  if (averageDecay !== undefined) {
    numberWithin("fit: averageDecay", averageDecay, 0, 1);
    result = averaging(result, averageDecay);
  }
  return result;
}

/** @throws TypeError unless an option is an object with the given parts. */
export function checkPart(name: string, value: unknown, parts: readonly string[], example: string): void {
  const given = value as Readonly<Record<string, unknown>> | null;
  if (typeof given !== "object" || parts.some((part) => given?.[part] === undefined))
    throw new TypeError(`${name} must be one that train makes, such as ${example}; got ${kindOf(value)}`);
}

function countSteps({ epochs, steps }: FitOptions, stepsPerEpoch: number): number {
  if (epochs !== undefined && steps === undefined) {
    checkCount("epochs", epochs);
    return epochs * stepsPerEpoch;
  }
  if (steps !== undefined && epochs === undefined) {
    checkCount("steps", steps);
    return steps;
  }
  throw new RangeError(
    `give either epochs or steps; got ${epochs === undefined ? "neither" : `epochs ${epochs} and steps ${steps!}`}`,
  );
}

/** @throws RangeError unless the value is a whole number of at least 1. */
export function checkCount(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new RangeError(`${name} must be a whole number of at least 1; got ${value}`);
  }
}

/**
 * @throws TypeError where one of them is something else; RangeError unless the model takes the source's images and has an output for each
 * of its classes.
 */
export function checkFit(model: Trainable, source: BatchSource): void {
  // JavaScript may pass anything, and a data set instead of its batches has no size: not one image would be seen.
  const [givenModel, givenSource] = [model, source] as readonly unknown[] as readonly (
    Record<string, unknown> | null | undefined
  )[];
  if (typeof givenModel?.["forward"] !== "function" || typeof givenModel["variables"] !== "function")
    throw new TypeError(
      `a model is what nn's networks are, with forward() and variables(); got ${kindOf(model)}`,
    );
  if (typeof givenSource?.["batch"] !== "function" || !Number.isInteger(givenSource["size"])) {
    const got = givenSource?.["images"] === undefined ? kindOf(source) : "a data set";
    throw new TypeError(
      `images come from a source of batches, which data.batches(dataset) makes; got ${got}`,
    );
  }
  const [takes, has] = [model.inputShape.join("x"), source.imageShape.join("x")];
  if (takes !== has) {
    throw new RangeError(
      `the model's input must have the shape of the images: ${model.spec.model} takes ${takes}; ${source.name} has ${has}`,
    );
  }
  if (model.classes !== source.classes.length) {
    throw new RangeError(
      `the model must have one output for each class: ${model.spec.model} has ${model.classes}; ` +
        `${source.name} has ${source.classes.length} classes`,
    );
  }
  const seen = new Map<unknown, string>();
  for (const { name, variable } of model.variables()) {
    const other = seen.get(variable);
    if (other !== undefined)
      throw new RangeError(
        `a model lists each variable once, or a step would update it twice; ${model.spec.model} lists one as ${other} and as ${name}`,
      );
    seen.set(variable, name);
  }
  if (source.size < 1)
    throw new RangeError(`a source must hold at least 1 image; ${source.name} holds ${source.size}`);
}
