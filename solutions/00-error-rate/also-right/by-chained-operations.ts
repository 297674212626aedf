// With chained operations, and the accuracy taken off 100: float32 throughout.
import { runtime } from "residual";

const { tf } = runtime;

export async function errorPercent(
  logits: runtime.tf.Tensor2D,
  labels: runtime.tf.Tensor1D,
): Promise<number> {
  const hits = tf.tidy(() => tf.equal(logits.argMax(-1), labels.toInt()).sum().toFloat());
  const [right] = await hits.data();
  hits.dispose();
  return 100 - (100 * right!) / labels.size;
}
