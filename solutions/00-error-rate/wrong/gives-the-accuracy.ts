// The share that is right.
// Believed: Accuracy and error are the same number, read from two ends, so the context will tell which is meant.
// In class: Say which of the two a number is before you read it out. The papers report errors, in percent, so lower is better, and a column of
// accuracies beside a column of errors is the most common slip in a results table.
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
