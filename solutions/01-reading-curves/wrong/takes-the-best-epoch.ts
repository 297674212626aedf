// The lowest point of each curve.
interface Curves {
  readonly training: readonly number[];
  readonly test: readonly number[];
}

export function readCurves(...[shallow, deep, , margin]: [Curves, Curves, last: number, margin: number]) {
  const training = Math.min(...deep.training) - Math.min(...shallow.training);
  const test = Math.min(...deep.test) - Math.min(...shallow.test);
  if (training > margin) return { training, test, verdict: "degradation" };
  if (test > margin) return { training, test, verdict: "overfitting" };
  return { training, test, verdict: test < -margin ? "depth helps" : "no difference" };
}
