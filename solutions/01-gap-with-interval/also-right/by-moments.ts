// From sums and sums of squares.
export function gapInterval(shallow: readonly number[], deep: readonly number[], t: number) {
  const moments = (runs: readonly number[]) => {
    let [sum, squares] = [0, 0];
    for (const run of runs) {
      sum += run;
      squares += run * run;
    }
    const n = runs.length;
    return { mean: sum / n, ofMean: Math.max(0, squares - sum ** 2 / n) / (n * (n - 1)) };
  };
  const [from, to] = [moments(shallow), moments(deep)];
  const half = t * (from.ofMean + to.ofMean) ** 0.5;
  return { gap: to.mean - from.mean, lower: to.mean - from.mean - half, upper: to.mean - from.mean + half };
}
