// A ReLU at the end.
import { shapes } from "residual";

type Output = shapes.Images<8, 8, 14>;

export function denseBlock(
  x: shapes.Images<8, 8, 6>,
  first: shapes.Shape<readonly [3, 3, 6, 4]>,
  second: shapes.Shape<readonly [3, 3, 10, 4]>,
): Output {
  const one = shapes.concat(x, shapes.conv2d(shapes.relu(x), first, 1));
  return shapes.relu(shapes.concat(one, shapes.conv2d(shapes.relu(one), second, 1)));
}
