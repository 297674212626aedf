// The first unit, then the rest of the stack.
import { shapes } from "residual";

export function residualStack<H extends number, W extends number, C extends number>(
  x: shapes.Images<H, W, C>,
  residuals: readonly ((x: shapes.Images<H, W, C>) => shapes.Images<H, W, C>)[],
): shapes.Images<H, W, C> {
  const [first, ...rest] = residuals;
  return first ? residualStack(shapes.relu(shapes.add(first(x), x)), rest) : x;
}
