// As matrices with one column a filter.
import { runtime } from "residual";

const { tf } = runtime;

export async function filterNormalised(
  direction: readonly number[],
  weights: readonly number[],
  outChannels: number,
): Promise<number[]> {
  const scaled = tf.tidy(() => {
    const [d, w] = [direction, weights].map((values) =>
      tf.tensor2d([...values], [values.length / outChannels, outChannels]),
    );
    const [drawn, own] = [d!, w!].map((matrix) => tf.norm(matrix, "euclidean", 0));
    return tf.mul(d!, tf.divNoNan(own!, drawn!));
  });
  return Array.from(await scaled.data());
}
