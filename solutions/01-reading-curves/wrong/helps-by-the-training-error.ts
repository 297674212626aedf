// Takes a lower training error for help as well.
interface Curves {
  readonly training: readonly number[];
  readonly test: readonly number[];
}

export function readCurves(shallow: Curves, deep: Curves, last: number, margin: number) {
  const mean = (errors: readonly number[]) => errors.slice(-last).reduce((a, b) => a + b, 0) / last;
  const training = mean(deep.training) - mean(shallow.training);
  const test = mean(deep.test) - mean(shallow.test);
  if (training > margin) return { training, test, verdict: "degradation" };
  if (test > margin) return { training, test, verdict: "overfitting" };
  const helps = test < -margin || training < -margin;
  return { training, test, verdict: helps ? "depth helps" : "no difference" };
}
