// The largest number so far starts at 0, which no logit may reach.
import type { runtime } from "residual";

export async function errorPercent(
  logits: runtime.tf.Tensor2D,
  labels: runtime.tf.Tensor1D,
): Promise<number> {
  const rows = await logits.array();
  const right = await labels.data();
  let wrong = 0;
  for (const [i, row] of rows.entries()) {
    let [largest, said] = [0, 0];
    for (const [c, value] of row.entries()) if (value > largest) [largest, said] = [value, c];
    if (said !== right[i]) wrong++;
  }
  return (100 * wrong) / rows.length;
}
