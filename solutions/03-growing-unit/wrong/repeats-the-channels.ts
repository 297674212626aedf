// The channels twice.
// Believed: Any way to fill the new channels is option A.
// In class: Option A fills with zeros. Repeating the channels needs no parameters either, so shapes and counts cannot tell the two apart. Ask
// what the next unit sees in each case, and which words of the paper decide it.
import { runtime, shapes } from "residual";

const { tf } = runtime;

type Output = shapes.Images<16, 16, 32>;

export function growingUnit(
  x: shapes.Images<32, 32, 16>,
  first: shapes.Shape<readonly [3, 3, 16, 32]>,
  second: shapes.Shape<readonly [3, 3, 32, 32]>,
): Output {
  const residual = shapes.conv2d(shapes.relu(shapes.conv2d(x, first, 2)), second, 1);
  const shortcut = shapes.shaped(tf.tile(shapes.subsample(x).tensor, [1, 1, 1, 2]), ["N", 16, 16, 32]);
  return shapes.relu(shapes.add(residual, shortcut));
}
