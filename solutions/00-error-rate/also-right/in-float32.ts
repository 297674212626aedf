// Counted over typed arrays; the share is a float32 number, and the input is given back.
import type { runtime } from "residual";

export async function errorPercent(
  logits: runtime.tf.Tensor2D,
  labels: runtime.tf.Tensor1D,
): Promise<number> {
  const [images, classes] = logits.shape;
  const [values, right] = await Promise.all([logits.data(), labels.data()]);
  logits.dispose();
  labels.dispose();
  const errors = new Float32Array(images).map((_, i) => {
    const row = values.subarray(i * classes, (i + 1) * classes);
    return Number(row.indexOf(Math.max(...row)) !== right[i]);
  });
  const share = new Float32Array([errors.reduce((a, b) => a + b, 0) / images]);
  return 100 * share[0]!;
}
