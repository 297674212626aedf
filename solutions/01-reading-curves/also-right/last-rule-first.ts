// The rules from the weakest to the strongest, each overruling those before.
interface Curves {
  readonly training: readonly number[];
  readonly test: readonly number[];
}

export function readCurves(shallow: Curves, deep: Curves, last: number, margin: number) {
  const tail = (errors: readonly number[]) =>
    errors.filter((_, epoch) => epoch >= errors.length - last).reduce((a, b) => a + b / last, 0);
  const reading = {
    training: tail(deep.training) - tail(shallow.training),
    test: tail(deep.test) - tail(shallow.test),
    verdict: "no difference",
  };
  if (reading.test < -margin) reading.verdict = "depth helps";
  if (reading.test > margin) reading.verdict = "overfitting";
  if (reading.training > margin) reading.verdict = "degradation";
  return reading;
}
