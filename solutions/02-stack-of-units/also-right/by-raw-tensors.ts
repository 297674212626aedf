// The addition and the ReLU on the tensors themselves.
import { runtime, shapes } from "residual";

const { tf } = runtime;

export function residualStack<H extends number, W extends number, C extends number>(
  x: shapes.Images<H, W, C>,
  residuals: readonly ((x: shapes.Images<H, W, C>) => shapes.Images<H, W, C>)[],
): shapes.Images<H, W, C> {
  let h = x;
  for (const residual of residuals) {
    const sum = tf.tidy(() => tf.maximum(tf.add(residual(h).tensor, h.tensor), 0));
    h = shapes.shaped(sum, x.dimensions);
  }
  return h;
}
