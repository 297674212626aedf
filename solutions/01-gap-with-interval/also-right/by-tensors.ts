// Mean and variance by tensors, in float32.
import { runtime } from "residual";

const { tf } = runtime;

/** Mean and squared standard error. */
const summed = (runs: readonly number[]) =>
  tf.tidy(() => {
    const { mean, variance } = tf.moments(tf.tensor1d([...runs]));
    return { mean: mean.dataSync()[0]!, squared: variance.dataSync()[0]! / (runs.length - 1) };
  });

export function gapInterval(shallow: readonly number[], deep: readonly number[], t: number) {
  const [a, d] = [summed(shallow), summed(deep)];
  const gap = d.mean - a.mean;
  const half = t * Math.sqrt(a.squared + d.squared);
  return { gap, lower: gap - half, upper: gap + half };
}
