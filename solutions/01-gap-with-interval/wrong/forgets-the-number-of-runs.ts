// The spread of single runs.
export function gapInterval(shallow: readonly number[], deep: readonly number[], t: number) {
  const mean = (runs: readonly number[]) => runs.reduce((sum, run) => sum + run, 0) / runs.length;
  const variance = (runs: readonly number[]) =>
    runs.reduce((sum, run) => sum + (run - mean(runs)) ** 2, 0) / (runs.length - 1);
  const gap = mean(deep) - mean(shallow);
  const error = Math.sqrt(variance(shallow) + variance(deep));
  return { gap, lower: gap - t * error, upper: gap + t * error };
}
