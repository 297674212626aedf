// Right numbers, and a type that promises nothing.
import { shapes } from "residual";

type Output = shapes.Shape;

export function growingUnit(
  x: shapes.Images<32, 32, 16>,
  first: shapes.Shape<readonly [3, 3, 16, 32]>,
  second: shapes.Shape<readonly [3, 3, 32, 32]>,
): Output {
  const residual = shapes.conv2d(shapes.relu(shapes.conv2d(x, first, 2)), second, 1);
  return shapes.relu(shapes.add(residual, shapes.padChannels(shapes.subsample(x), 32)));
}
