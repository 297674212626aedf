// The logit of the right class must be the largest.
import { runtime } from "residual";

const { tf } = runtime;

export async function errorPercent(
  logits: runtime.tf.Tensor2D,
  labels: runtime.tf.Tensor1D,
): Promise<number> {
  const [images, classes] = logits.shape;
  const own = tf.sum(tf.mul(logits, tf.oneHot(labels, classes)), 1);
  const [errors] = await tf.sum(tf.cast(tf.less(own, tf.max(logits, 1)), "int32")).data();
  return (100 * errors!) / images;
}
