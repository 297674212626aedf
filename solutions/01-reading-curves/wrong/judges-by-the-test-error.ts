// Worse on the test set, so degraded.
// Believed: A deeper network that is worse on the test set shows degradation.
// In class: Ask for the training error first. A higher test error beside a lower training error is overfitting. Degradation is a higher
// training error, so regularisation is no cure for it.
interface Curves {
  readonly training: readonly number[];
  readonly test: readonly number[];
}

export function readCurves(shallow: Curves, deep: Curves, last: number, margin: number) {
  const end = (errors: readonly number[]) =>
    errors.slice(-last).reduce((sum, error) => sum + error, 0) / last;
  const training = end(deep.training) - end(shallow.training);
  const test = end(deep.test) - end(shallow.test);
  if (test > margin) return { training, test, verdict: "degradation" };
  return { training, test, verdict: test < -margin ? "depth helps" : "no difference" };
}
