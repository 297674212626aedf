// The activation carried past.
// Believed: Pre-activation means: activate, then split.
// In class: The split comes first. Whoever activates first carries a normalised and rectified x along the shortcut, and the sum of chapter 04
// no longer holds.
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
  return shapes.add(
    residual,
    shapes.padChannels(shapes.subsample(shapes.relu(shapes.norm(x, firstNorm))), 8),
  );
}
