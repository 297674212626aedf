// Looks at ten classes, as many as CIFAR-10 has.
import type { runtime } from "residual";

export async function errorPercent(
  logits: runtime.tf.Tensor2D,
  labels: runtime.tf.Tensor1D,
): Promise<number> {
  const [images, classes] = logits.shape;
  const [values, right] = [await logits.data(), await labels.data()];
  let wrong = 0;
  for (let i = 0; i < images; i++) {
    let best = 0;
    for (let c = 1; c < Math.min(classes, 10); c++)
      if (values[i * classes + c]! > values[i * classes + best]!) best = c;
    if (best !== right[i]) wrong++;
  }
  return (100 * wrong) / images;
}
