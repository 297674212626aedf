// Progress in words: pure functions from where a run is to a line of text.
import { duration } from "../display/duration.js";
import { textBar } from "../display/live-line.js";
import type { EpochRecord } from "./metrics.js";

/** Where a run is. */
export interface ProgressReport {
  readonly phase: "training" | "validation" | "evaluation";
  /** How much of the phase is done, of `of`: steps of the epoch in training, images otherwise. */
  readonly done: number;
  readonly of: number;
  /** From 1; absent in evaluation. */
  readonly epoch?: number;
  readonly epochs?: number;
  /** Means so far over this phase. */
  readonly loss: number;
  readonly accuracy: number;
  readonly imagesPerSecond: number;
  /** Until the run's end at the speed so far. */
  readonly secondsLeft: number;
}

/** One line, such as `epoch 3/10 [####......] 45/78, loss 0.512, accuracy 81.2 %, 2310 images/s, 1 min 12 s left`. */
export function describe(report: ProgressReport): string {
  const { phase, epoch, epochs, done, of, loss, accuracy, imagesPerSecond, secondsLeft } = report;
  const bar = textBar(done / of);
  const place = phase === "evaluation" || epoch === undefined ? phase : `epoch ${epoch}/${epochs ?? epoch}`;
  return [
    `${place}${phase === "validation" ? " validation" : ""} ${bar} ${done}/${of}`,
    describeMetrics(loss, accuracy),
    describeSpeed(imagesPerSecond),
    `${duration(secondsLeft)} left`,
  ].join(", ");
}

/** The line of a finished epoch. */
export function describeEpoch(record: EpochRecord, epochs: number): string {
  const { epoch, loss, accuracy, validation, learningRate, seconds, imagesPerSecond } = record;
  return [
    `epoch ${epoch}/${epochs}: ${describeMetrics(loss, accuracy)}`,
    ...(validation ? [`validation ${describeMetrics(validation.loss, validation.accuracy)}`] : []),
    `rate ${Number(learningRate.toPrecision(4))}`,
    describeSpeed(imagesPerSecond),
    duration(seconds),
  ].join(", ");
}

function describeMetrics(loss: number, accuracy: number): string {
  return `loss ${loss.toPrecision(3)}, accuracy ${(100 * accuracy).toFixed(1)} %`;
}

function describeSpeed(imagesPerSecond: number): string {
  return `${imagesPerSecond < 10 ? imagesPerSecond.toPrecision(2) : Math.round(imagesPerSecond)} images/s`;
}
