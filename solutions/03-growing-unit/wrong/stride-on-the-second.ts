// The stride one convolution late.
// Believed: Both convolutions give the same shape in the end, so either may have the stride.
// In class: The shapes agree and the values do not, and the first convolution then runs over the whole image. Ask for the factor in
// multiply-adds.
import { shapes } from "residual";

type Output = shapes.Images<16, 16, 32>;

export function growingUnit(
  x: shapes.Images<32, 32, 16>,
  first: shapes.Shape<readonly [3, 3, 16, 32]>,
  second: shapes.Shape<readonly [3, 3, 32, 32]>,
): Output {
  const residual = shapes.conv2d(shapes.relu(shapes.conv2d(x, first, 1)), second, 2);
  return shapes.relu(shapes.add(residual, shapes.padChannels(shapes.subsample(x), 32)));
}
