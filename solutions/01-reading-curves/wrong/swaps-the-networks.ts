// Shallow less deep.
interface Curves {
  readonly training: readonly number[];
  readonly test: readonly number[];
}

export function readCurves(shallow: Curves, deep: Curves, last: number, margin: number) {
  const end = (errors: readonly number[]) =>
    errors.slice(-last).reduce((sum, error) => sum + error, 0) / last;
  const training = end(shallow.training) - end(deep.training);
  const test = end(shallow.test) - end(deep.test);
  if (training > margin) return { training, test, verdict: "degradation" };
  if (test > margin) return { training, test, verdict: "overfitting" };
  return { training, test, verdict: test < -margin ? "depth helps" : "no difference" };
}
