// One number for the height and the width: right for square images, and no other compiles.
import { shapes } from "residual";

type Square<S extends number, C extends number> = shapes.Images<S, S, C>;

export function residualStack<S extends number, C extends number>(
  x: Square<S, C>,
  residuals: readonly ((x: Square<S, C>) => Square<S, C>)[],
): Square<S, C> {
  return residuals.reduce((h, residual) => shapes.relu(shapes.add(residual(h), h)), x);
}
