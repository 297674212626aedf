// The addition after the last ReLU.
import { shapes } from "residual";

type Output = shapes.Images<16, 16, 32>;

export function growingUnit(
  x: shapes.Images<32, 32, 16>,
  first: shapes.Shape<readonly [3, 3, 16, 32]>,
  second: shapes.Shape<readonly [3, 3, 32, 32]>,
): Output {
  const residual = shapes.relu(shapes.conv2d(shapes.relu(shapes.conv2d(x, first, 2)), second, 1));
  return shapes.add(residual, shapes.padChannels(shapes.subsample(x), 32));
}
