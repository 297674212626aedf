// The mean of a few runs with its confidence interval, by Student's t.
import { studentQuantile } from "./student.js";

/** A mean over runs and how sure we are of it. */
export interface MeanInterval {
  /** How many values. */
  readonly count: number;
  readonly mean: number;
  /** The values' standard deviation, with n - 1. */
  readonly deviation: number;
  /** Ends of the confidence interval of the mean. */
  readonly lower: number;
  readonly upper: number;
  /** The interval's confidence, such as 0.95. */
  readonly confidence: number;
}

/**
 * The mean of independent runs with a confidence interval: mean ± t s / √n, where t is Student's quantile for n - 1 degrees
 * of freedom. It supposes that the runs scatter about like a normal distribution.
 *
 * @throws RangeError with fewer than two values: one run says nothing of its own scatter.
 *
 * @example
 * ```ts
 * const { mean, low, high } = analysis.meanInterval([8.4, 8.8, 9.1]);
 * mean; // 8.7667
 * ```
 */
export function meanInterval(values: readonly number[], confidence = 0.95): MeanInterval {
  const count = values.length;
  if (count < 2) throw new RangeError(`an interval needs at least 2 runs; got ${count}`);
  if (!(confidence > 0 && confidence < 1)) {
    throw new RangeError(`confidence must lie between 0 and 1; got ${confidence}`);
  }
  const unusable = values.find((value) => !Number.isFinite(value));
  if (unusable !== undefined) throw new RangeError(`an interval needs finite values; got ${unusable}`);

  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1));
  const half = (studentQuantile(confidence, count - 1) * deviation) / Math.sqrt(count);
  return { count, mean, deviation, lower: mean - half, upper: mean + half, confidence };
}
