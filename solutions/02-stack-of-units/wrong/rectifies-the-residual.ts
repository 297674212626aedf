// The ReLU on the wrong side.
// Also forgets-the-relu: none follows the additions, and where the residuals are positive that is all that shows.
import { shapes } from "residual";

type Residual<H extends number, W extends number, C extends number> = (
  x: shapes.Images<H, W, C>,
) => shapes.Images<H, W, C>;

export function residualStack<H extends number, W extends number, C extends number>(
  x: shapes.Images<H, W, C>,
  residuals: readonly Residual<H, W, C>[],
): shapes.Images<H, W, C> {
  return residuals.reduce((h, residual) => shapes.add(shapes.relu(residual(h)), h), x);
}
