// Right numbers, but the runs that it was given come back sorted.
export function gapInterval(shallow: readonly number[], deep: readonly number[], t: number) {
  (shallow as number[]).sort();
  (deep as number[]).sort();
  const mean = (runs: readonly number[]) => runs.reduce((sum, run) => sum + run, 0) / runs.length;
  const variance = (runs: readonly number[]) =>
    runs.reduce((sum, run) => sum + (run - mean(runs)) ** 2, 0) / (runs.length - 1);
  const half = t * Math.sqrt(variance(shallow) / shallow.length + variance(deep) / deep.length);
  const gap = mean(deep) - mean(shallow);
  return { gap, lower: gap - half, upper: gap + half };
}
