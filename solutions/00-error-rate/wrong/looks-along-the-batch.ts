// The wrong axis.
import { runtime } from "residual";

const { tf } = runtime;

export async function errorPercent(
  logits: runtime.tf.Tensor2D,
  labels: runtime.tf.Tensor1D,
): Promise<number> {
  const said = tf.argMax(logits, 0);
  const wrong = tf.cast(tf.notEqual(said, labels), "float32");
  const [share] = await tf.mean(wrong).data();
  return 100 * share!;
}
