// One standard error.
// Believed: Mean plus or minus one standard error is the interval.
// In class: One standard error misses the true mean about one time in three with many runs, and more often with few. Student's quantile is
// what makes 95 % of it, and it is large for few runs, which is honest.
export function gapInterval(
  ...[shallow, deep]: [shallow: readonly number[], deep: readonly number[], t: number]
) {
  const mean = (runs: readonly number[]) => runs.reduce((sum, run) => sum + run, 0) / runs.length;
  const variance = (runs: readonly number[]) =>
    runs.reduce((sum, run) => sum + (run - mean(runs)) ** 2, 0) / (runs.length - 1);
  const gap = mean(deep) - mean(shallow);
  const error = Math.sqrt(variance(shallow) / shallow.length + variance(deep) / deep.length);
  return { gap, lower: gap - error, upper: gap + error };
}
