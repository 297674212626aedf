// No quantile is taken to be above 5.
export function gapInterval(shallow: readonly number[], deep: readonly number[], t: number) {
  const mean = (runs: readonly number[]) => runs.reduce((sum, run) => sum + run, 0) / runs.length;
  const variance = (runs: readonly number[]) =>
    runs.reduce((sum, run) => sum + (run - mean(runs)) ** 2, 0) / (runs.length - 1);
  const gap = mean(deep) - mean(shallow);
  const error = Math.min(t, 5) * Math.sqrt(variance(shallow) / shallow.length + variance(deep) / deep.length);
  return { gap, lower: gap - error, upper: gap + error };
}
