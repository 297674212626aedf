// A ReLU after all.
// Believed: Every unit ends in a ReLU.
// In class: In this one nothing follows the addition, and that is the whole point: f is the identity. Ask what the sum from unit l to unit L
// looks like with the ReLU left in.
import { shapes } from "residual";

type Output = shapes.Images<4, 4, 8>;

export function preActivationUnit(
  x: shapes.Images<8, 8, 4>,
  firstNorm: shapes.Norm<4>,
  first: shapes.Shape<readonly [3, 3, 4, 8]>,
  secondNorm: shapes.Norm<8>,
  second: shapes.Shape<readonly [3, 3, 8, 8]>,
): Output {
  const hidden = shapes.conv2d(shapes.relu(shapes.norm(x, firstNorm)), first, 2);
  const residual = shapes.conv2d(shapes.relu(shapes.norm(hidden, secondNorm)), second, 1);
  return shapes.relu(shapes.add(residual, shapes.padChannels(shapes.subsample(x), 8)));
}
