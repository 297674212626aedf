// Image by image, in plain numbers.
import type { runtime } from "residual";

export async function errorPercent(
  logits: runtime.tf.Tensor2D,
  labels: runtime.tf.Tensor1D,
): Promise<number> {
  const rows = await logits.array();
  const classes = await labels.data();
  let errors = 0;
  for (const [i, row] of rows.entries()) {
    let said = 0;
    for (let c = 1; c < row.length; c++) if (row[c]! > row[said]!) said = c;
    if (said !== classes[i]) errors++;
  }
  return (errors / rows.length) * 100;
}
