// Shallow less deep.
export function gapInterval(shallow: readonly number[], deep: readonly number[], t: number) {
  const mean = (runs: readonly number[]) => runs.reduce((sum, run) => sum + run, 0) / runs.length;
  const variance = (runs: readonly number[]) =>
    runs.reduce((sum, run) => sum + (run - mean(runs)) ** 2, 0) / (runs.length - 1);
  const gap = mean(shallow) - mean(deep);
  const error = Math.sqrt(variance(shallow) / shallow.length + variance(deep) / deep.length);
  return { gap, lower: gap - t * error, upper: gap + t * error };
}
