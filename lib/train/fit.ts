// Trains a classifier: the loop. It knows nothing of residual networks.
import { duration } from "../display/duration.js";
import { nextTurn } from "./next-turn.js";
import type { EpochRecord } from "./metrics.js";
import { planRun, type FitOptions } from "./plan.js";
import { startProgress } from "./progress.js";
import { TrainingRun } from "./run.js";
import { endingItself, stopWhen } from "./stop.js";
import type { BatchSource, Trainable } from "../model/trainable.js";
import type { Weights } from "./weights.js";

/** What a run gives; the trained weights are in the model. */
export interface FitResult {
  /** One record an epoch; if `steps` ends within an epoch, the last record covers the part that was run. */
  readonly history: readonly EpochRecord[];
  /** How many updates the model has had, those before a resume included. */
  readonly steps: number;
  /** True if a signal or an interrupt ended the run early. */
  readonly stopped: boolean;
  /** The step at which a checkpoint was taken up; 0 if there was none. */
  readonly resumedFrom: number;
  /** The loss of every step, in order; only with the option `stepLosses`. */
  readonly stepLosses?: readonly number[];
  /** The average of the weights, beside the statistics as they are now; only with the option `averageDecay`. `assignWeights` takes it. */
  readonly average?: Weights;
}

/**
 * Trains a classifier in place, by softmax cross-entropy unless another loss is given.
 *
 * The order of the images is `randomStream(seed, "shuffle", epoch)`; the augmentation of the update that follows `step`
 * updates is `randomStream(seed, "augment", step)`, and what its layers draw comes from `runtime.stepSeed(seed, step)`. So the same seed gives the same losses on the same machine and backend,
 * and a run that was killed and resumed from its checkpoint ends with the weights of one that was not. A finished run with
 * a checkpoint is not run again: it gives its weights and history at once; with more epochs or steps it goes on.
 *
 * Loss and accuracy of an epoch are means over its training batches, each measured before its update.
 *
 * @example
 * ```ts
 * const source = data.batches(await data.load("fashion-mnist-sample", { limit: 40 }));
 * const network = nn.cifarResNet({ depth: 8, widths: [2, 2, 2], inputShape: source.imageShape, seed: 1 });
 * const { steps, history } = await train.fit(network, source, {
 *   epochs: 2,
 *   batchSize: 20,
 *   schedule: train.stepSchedule({ learningRate: 0.1, at: [3] }),
 *   compile: false,
 *   progress: "none",
 * });
 * [steps, history.length]; // [4, 2]
 * ```
 *
 * @throws RangeError where an option breaks its rule, or source and model do not fit.
 * @throws LossNotFinite if a loss becomes NaN or infinite; the checkpoint then still holds the run before it.
 * @throws Error if the checkpoint is damaged or another run's.
 */
export function fit(model: Trainable, source: BatchSource, options: FitOptions = {}): Promise<FitResult> {
  return endingItself(() => train(model, source, options));
}

async function train(model: Trainable, source: BatchSource, options: FitOptions): Promise<FitResult> {
  const plan = planRun(model, source, options);
  const stopped = stopWhen(options.signal);
  const label = `${model.name ?? model.spec.model} on ${source.name}, seed ${plan.seed}`;
  const progress = startProgress(options.progress ?? "auto", label);
  const start = performance.now();
  let ending: string | undefined;
  let run: TrainingRun | undefined;
  try {
    run = new TrainingRun(model, source, options, plan, progress);
    await run.restore();
    let isStopped = false;
    while (!isStopped && (!run.isTrained || run.needsRecord)) {
      if (stopped()) {
        isStopped = true;
        await run.settle();
        await run.save();
      } else if (run.needsRecord) {
        await run.record(stopped);
      } else {
        await run.step();
        await nextTurn();
      }
    }
    const seconds = (performance.now() - start) / 1000;
    ending = `${isStopped ? "stopped at" : "finished"} step ${run.steps} of ${plan.steps} after ${duration(seconds)}`;
    const average = await run.average();
    return {
      history: [...run.history],
      steps: run.steps,
      stopped: isStopped,
      resumedFrom: run.resumedFrom,
      ...(average && { average }),
      ...(options.stepLosses && { stepLosses: [...run.stepLosses] }),
    };
  } finally {
    run?.dispose();
    // A stopped run's bar stays where it was.
    progress.end(ending, run && run.steps / plan.steps);
  }
}
