// The share that is right.
import { runtime } from "residual";

const { tf } = runtime;

export async function errorPercent(
  logits: runtime.tf.Tensor2D,
  labels: runtime.tf.Tensor1D,
): Promise<number> {
  const said = tf.argMax(logits, 1);
  const right = tf.cast(tf.equal(said, labels), "float32");
  const [share] = await tf.mean(right).data();
  return 100 * share!;
}
