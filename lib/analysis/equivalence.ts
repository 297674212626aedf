// Whether runs agree with a value: two one-sided t-tests against a margin that was fixed before (TOST), and how many runs that takes.
import { integerWithin, numberWithin, onlyKnown } from "../options.js";
import { meanInterval } from "./interval.js";
import { studentQuantile, studentWithin } from "./student.js";

/** Options of `equivalence`. */
export interface EquivalenceOptions {
  /** The value that the mean is compared with. */
  readonly to: number;
  /** How far the mean may be from it and count as equal, in the values' unit; fixed before the runs. */
  readonly margin: number;
  /** The probability of calling equal what lies at the margin or beyond: 0.05 by default. */
  readonly level?: number;
}

/** What the two tests say. */
export interface Equivalence {
  readonly count: number;
  readonly mean: number;
  /** The values' standard deviation, with n - 1. */
  readonly deviation: number;
  /** The interval of confidence 1 - 2 level: the values are equivalent where it lies within the margin. */
  readonly lower: number;
  readonly upper: number;
  /** The larger of the two tests' p: the mean is not more than the margin below, and not more than the margin above. */
  readonly p: number;
  readonly isEquivalent: boolean;
}

/**
 * Tests whether the mean of independent runs lies within a margin around a value (Schuirmann's two one-sided t-tests). A confidence interval that
 * merely holds the value is no such thing: few runs that scatter wildly have one too. Pairs are tested by their differences, with `to: 0`.
 *
 * @throws RangeError with fewer than two values, values that are not finite, or a margin that is not above 0.
 *
 * @example
 * ```ts
 * analysis.equivalence([8.7, 8.9, 8.6, 8.8], { to: 8.75, margin: 0.3 }).isEquivalent; // true
 * analysis.equivalence([8.0, 9.6, 8.1, 9.3], { to: 8.75, margin: 0.3 }).isEquivalent; // false
 * ```
 */
export function equivalence(values: readonly number[], options: EquivalenceOptions): Equivalence {
  onlyKnown("equivalence", options, ["to", "margin", "level"], ["to", "margin"]);
  const { to, margin, level = 0.05 } = options;
  numberWithin("equivalence: to", to, -Number.MAX_VALUE, Number.MAX_VALUE);
  checkMargin("equivalence", margin);
  numberWithin("equivalence: level", level, 1e-6, 0.5 - 1e-6);
  const { count, mean, deviation, lower, upper } = meanInterval(values, 1 - 2 * level);
  const error = deviation / Math.sqrt(count);
  const tail = (distance: number) => upperTail(distance / error, count - 1);
  const p = Math.max(tail(mean - (to - margin)), tail(to + margin - mean));
  return { count, mean, deviation, lower, upper, p, isEquivalent: p < level };
}

/** P(T > t). */
function upperTail(t: number, degreesOfFreedom: number): number {
  if (Number.isNaN(t)) return 1; // no spread, and exactly at the margin
  const within = Number.isFinite(t) ? studentWithin(Math.abs(t), degreesOfFreedom) : 1;
  return t > 0 ? (1 - within) / 2 : (1 + within) / 2;
}

/** Options of `runsForEquivalence` and `equivalencePower`. */
export interface EquivalencePlan {
  /** Of single runs, as far as one can guess it. */
  readonly deviation: number;
  readonly margin: number;
  /** The true distance of the mean from the value: 0 by default. */
  readonly difference?: number;
  readonly level?: number;
  /** The wanted probability that runs of that kind are called equivalent: 0.8 by default. */
  readonly power?: number;
}

/**
 * The probability that so many normally scattered runs are called equivalent by `equivalence`.
 *
 * @throws RangeError with fewer than two runs, or where an option breaks its rule.
 *
 * @example
 * ```ts
 * analysis.equivalencePower(8, { deviation: 0.2, margin: 0.27 }) > 0.9; // true
 * ```
 */
export function equivalencePower(runs: number, options: EquivalencePlan): number {
  const { deviation, margin, difference, level } = checkedPlan("equivalencePower", options);
  integerWithin("equivalencePower: runs", runs, 2, 100_000);
  const quantile = studentQuantile(1 - 2 * level, runs - 1);
  const error = deviation / Math.sqrt(runs);
  // Given the estimated deviation s = deviation x: the mean must lie within margin - quantile x error of the value.
  const chance = (x: number): number => {
    const room = margin - quantile * x * error;
    return room <= 0
      ? 0
      : normalBelow((room - difference) / error) - normalBelow((-room - difference) / error);
  };
  const most = Math.min(margin / (quantile * error), 1 + 12 / Math.sqrt(2 * (runs - 1)));
  return simpson((x) => chance(x) * scatterDensity(x, runs - 1), 0, most);
}

/**
 * How many runs it takes for `equivalence` to have the wanted power: what a claim should fix before the first run.
 *
 * @throws RangeError where an option breaks its rule, or 10,000 runs would not do.
 *
 * @example
 * ```ts
 * analysis.runsForEquivalence({ deviation: 0.2, margin: 0.27 }); // 7
 * ```
 */
export function runsForEquivalence(options: EquivalencePlan): number {
  const { power } = checkedPlan("runsForEquivalence", options);
  const reaches = (runs: number) => equivalencePower(runs, options) >= power;
  let enough = 2;
  while (!reaches(enough)) {
    enough *= 2;
    if (enough > 10_000)
      throw new RangeError(
        `runsForEquivalence: 10,000 runs would not give the power ${power}: widen the margin`,
      );
  }
  let few = enough / 2;
  while (enough - few > 1) {
    const middle = Math.floor((few + enough) / 2);
    if (reaches(middle)) enough = middle;
    else few = middle;
  }
  return enough;
}

function checkedPlan(what: string, options: EquivalencePlan): Required<EquivalencePlan> {
  onlyKnown(what, options, ["deviation", "margin", "difference", "level", "power"], ["deviation", "margin"]);
  const { deviation, margin, difference = 0, level = 0.05, power = 0.8 } = options;
  if (numberWithin(`${what}: deviation`, deviation, 0, Number.MAX_VALUE) === 0)
    throw new RangeError(`${what}: deviation must be above 0, since runs scatter; got 0`);
  checkMargin(what, margin);
  numberWithin(`${what}: level`, level, 1e-6, 0.5 - 1e-6);
  numberWithin(`${what}: power`, power, 0.01, 0.999);
  if (!(Math.abs(difference) < margin))
    throw new RangeError(`${what}: difference must be smaller than margin, since beyond it nothing is equivalent; got ${difference}`); // prettier-ignore
  return { deviation, margin, difference: Math.abs(difference), level, power };
}

function checkMargin(what: string, margin: number): void {
  if (numberWithin(`${what}: margin`, margin, 0, Number.MAX_VALUE) === 0)
    throw new RangeError(`${what}: margin must be above 0, since no runs show that a mean is exactly a value; got 0`); // prettier-ignore
}

/** The density of s / sigma for n degrees of freedom: s² n / sigma² is chi-squared. */
function scatterDensity(x: number, n: number): number {
  if (x <= 0) return n === 1 ? 2 / Math.sqrt(2 * Math.PI) : 0;
  return Math.exp(Math.LN2 + (n / 2) * Math.log(n / 2) - logGammaOfHalf(n) + (n - 1) * Math.log(x) - (n * x * x) / 2); // prettier-ignore
}

/** log Γ(n / 2), by Γ(x + 1) = x Γ(x). */
function logGammaOfHalf(n: number): number {
  let sum = n % 2 === 0 ? 0 : 0.5 * Math.log(Math.PI);
  for (let k = n - 2; k >= 1; k -= 2) sum += Math.log(k / 2);
  return sum;
}

/** P(Z < z) for a standard normal Z, by integration of its density. */
function normalBelow(z: number): number {
  if (Math.abs(z) > 8) return z > 0 ? 1 : 0;
  return 0.5 + simpson((x) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI), 0, z);
}

/** The integral of a smooth function, by Simpson's rule. */
function simpson(f: (x: number) => number, from: number, to: number): number {
  const parts = 200;
  const step = (to - from) / parts;
  let sum = f(from) + f(to);
  for (let i = 1; i < parts; i++) sum += (i % 2 === 1 ? 4 : 2) * f(from + i * step);
  return (sum * step) / 3;
}
