// Channels first, then pixels.
import { shapes } from "residual";

type Output = shapes.Images<16, 16, 32>;

export function growingUnit(
  x: shapes.Images<32, 32, 16>,
  first: shapes.Shape<readonly [3, 3, 16, 32]>,
  second: shapes.Shape<readonly [3, 3, 32, 32]>,
): Output {
  const residual = shapes.conv2d(shapes.relu(shapes.conv2d(x, first, 2)), second, 1);
  return shapes.relu(shapes.add(residual, shapes.subsample(shapes.padChannels(x, 32))));
}
