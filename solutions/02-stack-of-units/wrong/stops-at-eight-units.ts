// Runs the first eight units.
import { shapes } from "residual";

type Residual<H extends number, W extends number, C extends number> = (
  x: shapes.Images<H, W, C>,
) => shapes.Images<H, W, C>;

export function residualStack<H extends number, W extends number, C extends number>(
  x: shapes.Images<H, W, C>,
  residuals: readonly Residual<H, W, C>[],
): shapes.Images<H, W, C> {
  return residuals.slice(0, 8).reduce((h, residual) => shapes.relu(shapes.add(residual(h), h)), x);
}
