// A difference of exactly the margin counts.
interface Curves {
  readonly training: readonly number[];
  readonly test: readonly number[];
}

export function readCurves(shallow: Curves, deep: Curves, last: number, margin: number) {
  const end = (errors: readonly number[]) =>
    errors.slice(-last).reduce((sum, error) => sum + error, 0) / last;
  const training = end(deep.training) - end(shallow.training);
  const test = end(deep.test) - end(shallow.test);
  if (training >= margin) return { training, test, verdict: "degradation" };
  if (test >= margin) return { training, test, verdict: "overfitting" };
  return { training, test, verdict: test <= -margin ? "depth helps" : "no difference" };
}
