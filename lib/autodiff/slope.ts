// The slope of a curve at 0 from its values: central differences at falling steps, extrapolated, with an error estimate and a search for kinks.

/** What is asked of a curve: its value at `at`, and which step that really was after rounding. */
export interface Sample {
  readonly at: number;
  readonly value: number;
}

/** A slope. */
export interface Slope {
  readonly value: number;
  /** How far off the value may be: what extrapolation still changes, and rounding. */
  readonly error: number;
  /** The step at which the value was best. */
  readonly step: number;
  /** The slopes on both sides, where they differ however small the step: the curve has a kink at 0. */
  readonly kink?: { readonly left: number; readonly right: number };
}

/** How steps are chosen. */
export interface SlopeOptions {
  /** The largest step. */
  readonly step: number;
  /** How often it may be halved. */
  readonly halvings: number;
  /** The relative rounding error of a value: 2^-52 for float64, 2^-23 for float32. */
  readonly rounding: number;
  /** The size of what was summed up to a value, which is what was rounded. */
  readonly magnitude: number;
  /** The relative error that is small enough to stop. */
  readonly goal: number;
}

/**
 * Asks for values of a curve, `yield`ing places and getting samples, and returns its slope at 0.
 *
 * Central differences c(h) have the error a h^2 + b h^4 + …, so halving h and extrapolating removes one term after the other
 * (Richardson; the best of the tableau is kept, as in Ridders 1982). A one-sided difference has the error a h: at a smooth point the
 * two sides' difference falls to 0 with h, at a kink it stays. Where neither settles, the error says so.
 */
export function* slopeOf(options: SlopeOptions): Generator<number, Slope, Sample> {
  const { halvings, rounding, magnitude, goal } = options;
  const { value: centre } = yield 0;
  let best: Slope = { value: NaN, error: Infinity, step: options.step };
  let row: number[] = []; // c(h), and its extrapolations, at the step before
  let jump = 0; // right slope less left slope, at the step before
  for (let k = 0; k <= halvings; k++) {
    const step = options.step / 2 ** k;
    const [above, below] = [yield step, yield -step];
    const right = (above.value - centre) / above.at;
    const left = (below.value - centre) / below.at;
    const noise = (4 * rounding * magnitude) / step;

    const next = [(above.value - below.value) / (above.at - below.at)];
    for (let j = 1; j <= k; j++) {
      const value = (4 ** j * next[j - 1]! - row[j - 1]!) / (4 ** j - 1);
      next.push(value);
      const error = Math.max(Math.abs(value - next[j - 1]!), Math.abs(value - row[j - 1]!)) + noise;
      if (error < best.error) best = { value, error, step };
    }
    row = next;

    const size = Math.max(Math.abs(left), Math.abs(right), magnitude * rounding);
    const settled = 2 * (right - left) - jump; // the jump at h = 0, by extrapolation
    jump = right - left;
    const limit = 1e-5 * size + 20 * noise;
    if (k >= 2 && Math.abs(settled) <= limit && best.error <= goal * size + 4 * noise) return best;
    if (k === halvings && Math.abs(jump) > limit && Math.abs(settled - jump) < 0.25 * Math.abs(jump)) {
      return { ...best, step, kink: { left, right } };
    }
  }
  return best;
}
