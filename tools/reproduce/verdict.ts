// Verdicts: what runs say of a claim, by a rule that was fixed before they were made.
import { analysis, type train } from "residual";
import { studentQuantile } from "../../lib/analysis/student";

/** What a record says, by a name that rules use; in percent. */
export type Measure = "training error" | "test error";

/** How a claim stands. */
export type Status = "reproduced" | "within noise" | "not reproduced" | "not run";

/** A status with its reason, and the interval that it rests on where there is one. */
export interface Verdict {
  readonly status: Status;
  readonly because: string;
  readonly interval?: { readonly lower: number; readonly upper: number };
}

/** A number that somebody published, and the runs it is of. */
export interface Published {
  readonly value: number;
  /** The single runs' standard deviation, where it was published. */
  readonly deviation?: number;
  /** Of how many runs it is the mean or the median. */
  readonly runs: number;
}

/** A measure of a record. */
export const measureOf = ({ metrics }: train.RunRecord, measure: Measure): number =>
  100 * (1 - metrics[measure === "test error" ? "test" : "train"].accuracy);

/**
 * Whether runs have the published value, within the margin.
 *
 * `reproduced`: two one-sided t-tests at 5 % put their mean within the margin. Otherwise `not reproduced` where mean and value differ by more than
 * the scatter of both explains (two-sided t-test at 5 %; a published number scatters as its own runs do, and as ours where it says nothing of
 * them), and `within noise` where they do not: such runs show neither.
 *
 * @param values one a seed
 * @param planned the seeds that the claim names; with fewer it is not decided, because whoever looks on the way and stops gives chance many chances
 */
export function equivalentVerdict(
  values: readonly number[],
  planned: number,
  published: Published,
  margin: number,
): Verdict {
  if (values.length < Math.max(2, planned)) return notRun(values.length, planned);
  const { value } = published;
  const found = analysis.equivalence(values, { to: value, margin });
  const { mean, deviation, count, lower, upper, isEquivalent, p } = found;
  const interval = { lower, upper };
  const about = `${count} seeds have ${mean.toFixed(2)} (90 % interval ${lower.toFixed(2)} to ${upper.toFixed(2)}), the paper ${value}; the margin is ${margin}`;
  if (isEquivalent) return { status: "reproduced", because: `${about}; p = ${p.toPrecision(2)}`, interval };
  const theirs = published.deviation ?? deviation;
  const noise = Math.sqrt(deviation ** 2 / count + theirs ** 2 / published.runs);
  const isExplained = Math.abs(mean - value) <= studentQuantile(0.95, count - 1) * noise;
  return isExplained
    ? { status: "within noise", because: `${about}; the scatter of the runs explains as much`, interval }
    : {
        status: "not reproduced",
        because: `${about}; the scatter of the runs does not explain that`,
        interval,
      };
}

/** Whether the mean of runs lies above a bound: `reproduced` where the 95 % interval does, `not reproduced` where it lies below. */
export function aboveVerdict(values: readonly number[], planned: number, bound: number): Verdict {
  if (values.length < Math.max(2, planned)) return notRun(values.length, planned);
  const { mean, lower, upper, count } = analysis.meanInterval(values);
  const status = lower > bound ? "reproduced" : upper < bound ? "not reproduced" : "within noise";
  const because = `${count} seeds have ${mean.toFixed(2)} (95 % interval ${lower.toFixed(2)} to ${upper.toFixed(2)}), to be above ${bound}`;
  return { status, because, interval: { lower, upper } };
}

/**
 * Whether one network has more of a measure than another: by the differences of runs of one seed, which share images and their order.
 */
export function differenceVerdict(
  more: readonly number[],
  less: readonly number[],
  planned: number,
  bound = 0,
): Verdict {
  if (more.length !== less.length)
    throw new RangeError(`a difference is of pairs; got ${more.length} and ${less.length} values`);
  const verdict = aboveVerdict(more.map((value, i) => value - less[i]!), planned, bound); // prettier-ignore
  return { ...verdict, because: `the difference by pairs: ${verdict.because}` };
}

/** Whether what is counted rounds to what was printed: by half of the last printed digit. */
export function countVerdict(count: number, value: number, digits: number): Verdict {
  const half = 0.5 * 10 ** -digits;
  // Binary fractions: 0.65 - 0.05 is not 0.6.
  const isPrinted = Math.abs(count - value) <= half * (1 + 1e-9);
  const because = `counted ${Number(count.toPrecision(6))}, the paper prints ${value.toFixed(digits)}`;
  return { status: isPrinted ? "reproduced" : "not reproduced", because };
}

const notRun = (have: number, planned: number): Verdict => ({
  status: "not run",
  because: `${have} of ${planned} seeds have a record`,
});
