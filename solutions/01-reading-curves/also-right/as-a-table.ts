// The verdicts as a table of conditions.
interface Curves {
  readonly training: readonly number[];
  readonly test: readonly number[];
}

export function readCurves(shallow: Curves, deep: Curves, last: number, margin: number) {
  const difference = (set: keyof Curves) => {
    let sum = 0;
    for (let k = 1; k <= last; k++) sum += deep[set].at(-k)! - shallow[set].at(-k)!;
    return sum / last;
  };
  const [training, test] = [difference("training"), difference("test")];
  const verdicts = [
    [training > margin, "degradation"],
    [test > margin, "overfitting"],
    [test < -margin, "depth helps"],
    [true, "no difference"],
  ] as const;
  return { training, test, verdict: verdicts.find(([holds]) => holds)![1] };
}
