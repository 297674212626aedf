// x, always.
// Believed: The shortcut leads back to the image.
// In class: Every unit adds its own input. Write two units out on the board and underline which x each F sees and which x is added to it.
import { shapes } from "residual";

type Residual<H extends number, W extends number, C extends number> = (
  x: shapes.Images<H, W, C>,
) => shapes.Images<H, W, C>;

export function residualStack<H extends number, W extends number, C extends number>(
  x: shapes.Images<H, W, C>,
  residuals: readonly Residual<H, W, C>[],
): shapes.Images<H, W, C> {
  return residuals.reduce((h, residual) => shapes.relu(shapes.add(residual(h), x)), x);
}
