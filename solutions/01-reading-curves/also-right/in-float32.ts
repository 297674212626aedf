// A loop over the differences of both curves, counted from the end, in float32, and given later.
interface Curves {
  readonly training: readonly number[];
  readonly test: readonly number[];
}

function difference(shallow: readonly number[], deep: readonly number[], last: number): number {
  const sum = new Float32Array(1);
  for (let back = 1; back <= last; back++) sum[0]! += deep.at(-back)! - shallow.at(-back)!;
  return Math.fround(sum[0]! / last);
}

export async function readCurves(shallow: Curves, deep: Curves, last: number, margin: number) {
  const training = await Promise.resolve(difference(shallow.training, deep.training, last));
  const test = difference(shallow.test, deep.test, last);
  let verdict = "no difference";
  if (test < -margin) verdict = "depth helps";
  if (test > margin) verdict = "overfitting";
  if (training > margin) verdict = "degradation";
  return { training, test, verdict };
}
