// A loop, over anything that can be gone through.
import { shapes } from "residual";

type Residual<H extends number, W extends number, C extends number> = (
  x: shapes.Images<H, W, C>,
) => shapes.Images<H, W, C>;

export function residualStack<H extends number, W extends number, C extends number>(
  x: shapes.Images<H, W, C>,
  residuals: Iterable<Residual<H, W, C>>,
): shapes.Images<H, W, C> {
  let h = x;
  for (const residual of residuals) {
    const f = residual(h);
    h = shapes.relu(shapes.add(h, f));
  }
  return h;
}
