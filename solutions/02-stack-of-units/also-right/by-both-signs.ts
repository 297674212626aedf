// max(a, 0) = (a + |a|) / 2, and the shortcut first.
import { runtime, shapes } from "residual";

const { tf } = runtime;

type Keeps<T> = (x: T) => T;

export function residualStack<H extends number, W extends number, C extends number>(
  x: shapes.Images<H, W, C>,
  residuals: readonly Keeps<shapes.Images<H, W, C>>[],
): shapes.Images<H, W, C> {
  const unit = (h: typeof x, f: Keeps<typeof x>) => {
    const sum = shapes.add(h, f(h)).tensor;
    return shapes.shaped(tf.div(tf.add(sum, tf.abs(sum)), 2), h.dimensions) as typeof x;
  };
  return residuals.length === 0 ? x : residuals.slice(1).reduce(unit, unit(x, residuals[0]!));
}
