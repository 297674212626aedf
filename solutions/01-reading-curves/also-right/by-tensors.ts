// Means by tensors, in float32; the verdict by a list of rules.
import { runtime } from "residual";

const { tf } = runtime;

interface Curves {
  readonly training: readonly number[];
  readonly test: readonly number[];
}

const end = (errors: readonly number[], last: number): number =>
  tf.tidy(() => tf.mean(tf.tensor1d([...errors]).slice(errors.length - last)).dataSync()[0]!);

export function readCurves(shallow: Curves, deep: Curves, last: number, margin: number) {
  const training = end(deep.training, last) - end(shallow.training, last);
  const test = end(deep.test, last) - end(shallow.test, last);
  const rules = [
    ["degradation", training > margin],
    ["overfitting", test > margin],
    ["depth helps", -test > margin],
    ["no difference", true],
  ] as const;
  return { training, test, verdict: rules.find(([, holds]) => holds)![0] };
}
