// The last layer before the first.
import { shapes } from "residual";

type Output = shapes.Images<8, 8, 14>;

export function denseBlock(
  x: shapes.Images<8, 8, 6>,
  first: shapes.Shape<readonly [3, 3, 6, 4]>,
  second: shapes.Shape<readonly [3, 3, 10, 4]>,
): Output {
  const features = shapes.conv2d(shapes.relu(x), first, 1);
  const more = shapes.conv2d(shapes.relu(shapes.concat(x, features)), second, 1);
  return shapes.concat(x, shapes.concat(more, features));
}
