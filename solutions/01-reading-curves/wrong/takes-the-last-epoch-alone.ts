// One epoch, with all its noise.
interface Curves {
  readonly training: readonly number[];
  readonly test: readonly number[];
}

export function readCurves(...[shallow, deep, , margin]: [Curves, Curves, last: number, margin: number]) {
  const training = deep.training.at(-1)! - shallow.training.at(-1)!;
  const test = deep.test.at(-1)! - shallow.test.at(-1)!;
  if (training > margin) return { training, test, verdict: "degradation" };
  if (test > margin) return { training, test, verdict: "overfitting" };
  return { training, test, verdict: test < -margin ? "depth helps" : "no difference" };
}
