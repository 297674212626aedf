// The luckiest seeds.
// Believed: The best run shows what a method can do.
// In class: The best of several runs says as much about the number of tries as about the method. Compare means with an interval, and let the
// class guess how the best of ten compares with the best of two of the same network.
export function gapInterval(shallow: readonly number[], deep: readonly number[], t: number) {
  const mean = (runs: readonly number[]) => runs.reduce((sum, run) => sum + run, 0) / runs.length;
  const variance = (runs: readonly number[]) =>
    runs.reduce((sum, run) => sum + (run - mean(runs)) ** 2, 0) / (runs.length - 1);
  const gap = Math.min(...deep) - Math.min(...shallow);
  const error = Math.sqrt(variance(shallow) / shallow.length + variance(deep) / deep.length);
  return { gap, lower: gap - t * error, upper: gap + t * error };
}
