// A sum where a mean belongs.
import { runtime } from "residual";

const { tf } = runtime;

export async function errorPercent(
  logits: runtime.tf.Tensor2D,
  labels: runtime.tf.Tensor1D,
): Promise<number> {
  const said = tf.argMax(logits, 1);
  const wrong = tf.cast(tf.notEqual(said, labels), "float32");
  const [share] = await tf.sum(wrong).data();
  return 100 * share!;
}
