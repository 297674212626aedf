// How much of a series is still in it a few samples on: its autocorrelation, and the correlation of many series between any two samples.

/**
 * The autocorrelation of a series by lag: with d the series minus its mean, the sum over i of d(i) d(i + k), divided by the sum of d(i)². White noise has 1 at
 * lag 0 and nearly 0 elsewhere; a random walk falls slowly. With n samples a lag of white noise strays by about 1/√n.
 *
 * @returns one value for each lag from 0 to n - 1. The late ones have few terms and are drawn towards 0.
 * @throws RangeError for fewer than two samples, or a series that never changes, which has no correlation.
 *
 * @example
 * ```ts
 * analysis.autocorrelation([1, -1, 1, -1]); // [1, -0.75, 0.5, -0.25]
 * ```
 */
export function autocorrelation(series: ArrayLike<number>): number[] {
  const n = series.length;
  if (n < 2) throw new RangeError(`an autocorrelation needs at least two samples; got ${n}`);
  const values = Float64Array.from(series);
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const centred = values.map((value) => value - mean);
  const whole = centred.reduce((sum, value) => sum + value ** 2, 0);
  if (!(whole > 0 && Number.isFinite(whole)))
    throw new RangeError(`a series of finite numbers that change is needed; its sum of squares is ${whole}`);
  return Array.from(values, (_, lag) => {
    let sum = 0;
    for (let i = 0; i + lag < n; i++) sum += centred[i]! * centred[i + lag]!;
    return sum / whole;
  });
}

/**
 * The correlation between two different samples, averaged over all pairs of samples and over all series, with nothing subtracted: the mean over the pairs of
 * a(i) a(j), divided by the mean of a(i)². It is what the laws of `correlationLaw` are about, when each series is a unit's gradient at independent inputs.
 *
 * @throws RangeError for no series, series of different lengths or fewer than two samples, and where all values are 0.
 *
 * @example
 * ```ts
 * analysis.pairCorrelation([[1, 1, 1], [2, 2, 2]]); // 1
 * ```
 */
export function pairCorrelation(series: readonly ArrayLike<number>[]): number {
  const n = series[0]?.length ?? 0;
  if (n < 2 || series.some(({ length }) => length !== n))
    throw new RangeError(
      `a correlation needs series of one length, at least two; got ${series.map(({ length }) => length).join(", ") || "none"}`,
    );
  let products = 0;
  let squares = 0;
  for (const one of series) {
    let sum = 0;
    let own = 0;
    for (const value of Array.from(one)) {
      sum += value;
      own += value ** 2;
    }
    products += sum ** 2 - own; // over all ordered pairs of different samples
    squares += own;
  }
  if (!(squares > 0 && Number.isFinite(squares)))
    throw new RangeError(`values that are finite and not all 0 are needed; their squares sum to ${squares}`);
  return products / (n - 1) / squares;
}
