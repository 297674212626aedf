// Looks at a hundred images, which are enough to tell a share.
import type { runtime } from "residual";

export async function errorPercent(
  logits: runtime.tf.Tensor2D,
  labels: runtime.tf.Tensor1D,
): Promise<number> {
  const [all, classes] = logits.shape;
  const images = Math.min(all, 100);
  const [values, right] = [await logits.data(), await labels.data()];
  let wrong = 0;
  for (let i = 0; i < images; i++) {
    let best = 0;
    for (let c = 1; c < classes; c++) if (values[i * classes + c]! > values[i * classes + best]!) best = c;
    if (best !== right[i]) wrong++;
  }
  return (100 * wrong) / images;
}
