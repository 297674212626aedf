// One training run in progress: its state, its optimizer, its unread steps and its file.
import * as tf from "@tensorflow/tfjs-core";
import { randomStream } from "../random/index.js";
import { compile, type CompiledStep } from "../compile/index.js";
import { stepSeed } from "../runtime/index.js";
import { takeBatch } from "./batch.js";
import { initialState, restoreCheckpoint, saveCheckpoint, type CheckpointedRun } from "./checkpoint.js";
import { weightsFingerprint, type Identity } from "./identity.js";
import { LossNotFinite } from "./divergence.js";
import { measure } from "./evaluate.js";
import { emptySums, means, throughput, type EpochRecord, type Metrics } from "./metrics.js";
import type { FitOptions, Plan } from "./plan.js";
import type { Progress, ProgressReport } from "./progress.js";
import type { OptimizerState } from "./optimizer.js";
import { trainedVariables, trainingStep, type TrainingStep } from "./step.js";
import type { BatchSource, Trainable, TrainableVariable } from "../model/trainable.js";
import { averageOf } from "./weight-average.js";
import { checkStorable, weightsOf, type Weights } from "./weights.js";

/** A step whose loss was not read yet: [2], loss and number correct. */
interface UnreadStep {
  readonly values: tf.Tensor1D;
  readonly images: number;
  readonly step: number;
  readonly learningRate: number;
}

/** A run that `fit` drives. Dispose it. */
export class TrainingRun {
  /** How many updates the checkpoint had seen that this run took up. */
  resumedFrom = 0;

  readonly #model: Trainable;
  readonly #source: BatchSource;
  readonly #options: FitOptions;
  readonly #plan: Plan;
  readonly #progress: Progress;
  readonly #optimizer: OptimizerState;
  readonly #train: TrainingStep;
  /** Which parameters are trained: the step is made for these. */
  readonly #isTrained: ReadonlyMap<TrainableVariable, boolean>;
  /** The same step, unless it is to stay uncompiled. */
  readonly #compiled: CompiledStep<Parameters<TrainingStep>, tf.Tensor1D> | undefined;
  readonly #file: CheckpointedRun | undefined;
  readonly #start = performance.now();
  #lastSave = this.#start;
  /** Measured by `restore`; only a run with a file needs it. */
  #identity: Identity = {};
  #state = initialState();
  #unread: UnreadStep[] = [];
  /** The epoch that `steps` cuts short. It is not part of the state: a longer run goes on within that epoch. */
  #partial: EpochRecord | undefined;

  /** @throws RangeError if the model has nothing to train. */
  constructor(model: Trainable, source: BatchSource, options: FitOptions, plan: Plan, progress: Progress) {
    const trained = trainedVariables(model);
    if (trained.length === 0) {
      const frozen = model.variables().some(({ role }) => role !== "statistic") ? ": all are frozen" : "";
      throw new RangeError(`a model must have variables to train; ${model.spec.model} has none${frozen}`);
    }
    this.#isTrained = new Map(model.variables().map((one) => [one, one.variable.trainable]));
    this.#model = model;
    this.#source = source;
    this.#options = options;
    this.#plan = plan;
    this.#progress = progress;
    this.#optimizer = plan.optimizer.start(trained);
    const step = trainingStep(model, trained, this.#optimizer, plan.loss);
    this.#compiled = options.compile === false ? undefined : compile(step, options.compile);
    this.#train = this.#compiled ?? step;
    this.#file = options.checkpoint && {
      path: options.checkpoint.path,
      model,
      memory: this.#optimizer.variables,
      stepLosses: options.stepLosses ?? false,
      schedule: plan.schedule,
    };
  }

  /** How many updates were done. */
  get steps(): number {
    return this.#state.step;
  }

  /** The epochs so far, one cut short by `steps` included. */
  get history(): readonly EpochRecord[] {
    return this.#partial ? [...this.#state.history, this.#partial] : this.#state.history;
  }

  /** The loss of each step read so far; empty unless asked for. */
  get stepLosses(): readonly number[] {
    return this.#state.stepLosses;
  }

  /** True when the last update was done. */
  get isTrained(): boolean {
    return this.#state.step >= this.#plan.steps;
  }

  /** True when an epoch, or the run within an epoch, has ended and has no record yet. */
  get needsRecord(): boolean {
    const epochEnds = this.#state.step % this.#plan.stepsPerEpoch === 0 || this.isTrained;
    return epochEnds && this.#state.sums.steps > 0 && !this.#partial;
  }

  /** Takes up the checkpoint, if there is one. */
  async restore(): Promise<void> {
    if (!this.#file) return;
    checkStorable(this.#model.variables()); // now, and not when an hour's training is to be saved
    this.#identity = await this.#plan.identity();
    const state = await restoreCheckpoint(this.#file, this.#identity);
    if (!state) {
      this.#state.began = await weightsFingerprint(this.#model.variables());
      return;
    }
    if (state.step > this.#plan.steps) {
      throw new RangeError(
        `${this.#file.path}: a run must not end before its checkpoint: it ends at step ${this.#plan.steps}, ` +
          `the checkpoint is of step ${state.step}`,
      );
    }
    this.#state = state;
    this.resumedFrom = state.step;
  }

  /** One update; every so many, the reading of their losses; a checkpoint when it is due. */
  async step(): Promise<void> {
    const { checkEverySteps = 1, checkpoint } = this.#options;
    const state = this.#state;
    const since = performance.now();
    await this.#enqueue();
    state.sums.seconds += secondsSince(since);

    const ends = this.isTrained || state.step % this.#plan.stepsPerEpoch === 0;
    const { everySteps = Infinity, everySeconds = 60 } = checkpoint ?? {};
    const saves =
      checkpoint !== undefined &&
      !ends && // an epoch is saved with its record
      (state.step % everySteps === 0 || secondsSince(this.#lastSave) >= everySeconds);
    if (ends || saves || this.#unread.length >= checkEverySteps) await this.settle();
    if (saves) await this.save();
    if (state.sums.images > 0) {
      const done = ((state.step - 1) % this.#plan.stepsPerEpoch) + 1;
      this.#report("training", done, this.#plan.stepsPerEpoch, means(state.sums));
    }
  }

  /** Reads the losses of the steps enqueued so far and adds them to the epoch. */
  async settle(): Promise<void> {
    if (this.#unread.length === 0) return;
    const { sums, stepLosses } = this.#state;
    const since = performance.now();
    const steps = this.#unread;
    const joined = tf.concat(steps.map(({ values }) => values));
    this.#unread = [];
    tf.dispose(steps.map(({ values }) => values));
    const values = await joined.data().finally(() => {
      joined.dispose();
    });
    sums.seconds += secondsSince(since);

    for (const [i, { step, learningRate, images }] of steps.entries()) {
      const [loss, correct] = [values[2 * i]!, values[2 * i + 1]!];
      const epoch = this.#epochOf(step);
      if (!Number.isFinite(loss)) throw new LossNotFinite({ loss, step, epoch, learningRate });
      sums.loss += loss * images;
      sums.correct += correct;
      sums.images += images;
      sums.steps++;
      sums.learningRate = learningRate;
      if (this.#options.stepLosses) stepLosses.push(loss);
      await this.#options.onStep?.({ step, epoch, learningRate, loss, accuracy: correct / images });
    }
  }

  /** Validates and records the epoch; leaves it for later if it is stopped meanwhile. */
  async record(stopped: () => boolean): Promise<void> {
    const { validation, onEpoch } = this.#options;
    const { sums, step, history } = this.#state;
    const measured =
      validation &&
      (await measure(this.#model, validation, {
        batchSize: 256,
        loss: this.#plan.loss,
        stopped,
        onBatch: (done, soFar) => {
          this.#report("validation", done, validation.size, soFar);
        },
      }));
    if (validation && !measured) return;
    const record: EpochRecord = {
      epoch: this.#epochOf(step),
      step,
      learningRate: sums.learningRate,
      ...means(sums),
      ...(measured && { validation: measured }),
      seconds: sums.seconds,
      imagesPerSecond: throughput(sums.images, sums.seconds),
    };
    if (step % this.#plan.stepsPerEpoch === 0) {
      history.push(record);
      this.#state.sums = emptySums();
    } else {
      this.#partial = record;
    }
    this.#progress.epoch(record, this.#plan.epochs);
    await onEpoch?.(record);
    await this.save();
  }

  /** Writes the checkpoint, if the run has one. */
  async save(): Promise<void> {
    if (!this.#file) return;
    await saveCheckpoint(this.#file, this.#identity, this.#state);
    this.#lastSave = performance.now();
  }

  /** The weights' average with the statistics as they are; undefined unless the run keeps one. */
  async average(): Promise<Weights | undefined> {
    if (this.#options.averageDecay === undefined) return undefined;
    const { variables } = this.#optimizer;
    const averaged = this.#model
      .variables()
      .map(({ name, variable }) => ({ name, variable: averageOf(variables, name) ?? variable }));
    return weightsOf(this.#model, averaged);
  }

  /** Frees what the run holds beside the model. */
  dispose(): void {
    tf.dispose(this.#unread.map(({ values }) => values));
    this.#compiled?.dispose();
    this.#optimizer.dispose();
  }

  /** Makes one update, and reads nothing of it back. */
  async #enqueue(): Promise<void> {
    const { seed, schedule } = this.#plan;
    const { step } = this.#state;
    const learningRate = schedule.learningRate(step);
    if (!Number.isFinite(learningRate) || learningRate < 0) {
      throw new RangeError(
        `a schedule must give finite rates of at least 0; after ${step} steps it gives ${learningRate}`,
      );
    }
    this.#checkFrozen(step);
    const indices = this.#plan.indices(step);
    const stream = randomStream(seed, "augment", step);
    const { images, labels } = await takeBatch(this.#source, indices, stream);
    const rateTensor = tf.scalar(learningRate);
    const seedTensor = stepSeed(seed, step);
    try {
      // So every update of a run is made by the compiled step, the first after a resume too: the rounding of some kernels differs
      // within a function.
      this.#compiled?.prepare(images, labels, rateTensor, seedTensor);
      const values = this.#train(images, labels, rateTensor, seedTensor);
      this.#state.step++;
      this.#unread.push({ values, images: indices.length, step: step + 1, learningRate });
    } finally {
      tf.dispose([images, labels, rateTensor, seedTensor]);
    }
  }

  /** Refuses what would be ignored: the step, and the optimizer's memory, are those of the parameters that were trained at the start. */
  #checkFrozen(step: number): void {
    for (const [{ name, variable }, before] of this.#isTrained)
      if (variable.trainable !== before)
        throw new RangeError(
          `what is frozen must stay so during fit; ${name} was ${before ? "frozen" : "unfrozen"} before step ${step + 1}: ` +
            "end the run there, by steps or epochs, and call fit again",
        );
  }

  #report(phase: ProgressReport["phase"], done: number, of: number, soFar: Metrics): void {
    const { step, sums } = this.#state;
    const secondsPerStep = secondsSince(this.#start) / Math.max(step - this.resumedFrom, 1);
    this.#progress.update({
      phase,
      done,
      of,
      epoch: this.#epochOf(step),
      epochs: this.#plan.epochs,
      ...soFar,
      imagesPerSecond: throughput(sums.images, sums.seconds),
      secondsLeft: secondsPerStep * (this.#plan.steps - step),
    });
  }

  /** The epoch, from 1, of the update that makes it `step` updates. */
  #epochOf(step: number): number {
    return Math.ceil(step / this.#plan.stepsPerEpoch);
  }
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}
