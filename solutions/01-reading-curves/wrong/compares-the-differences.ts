// Calls overfitting what grows between training and test error.
interface Curves {
  readonly training: readonly number[];
  readonly test: readonly number[];
}

export function readCurves(shallow: Curves, deep: Curves, last: number, margin: number) {
  const mean = (errors: readonly number[]) => errors.slice(-last).reduce((a, b) => a + b, 0) / last;
  const training = mean(deep.training) - mean(shallow.training);
  const test = mean(deep.test) - mean(shallow.test);
  if (training > margin) return { training, test, verdict: "degradation" };
  if (test - training > margin) return { training, test, verdict: "overfitting" };
  return { training, test, verdict: test < -margin ? "depth helps" : "no difference" };
}
