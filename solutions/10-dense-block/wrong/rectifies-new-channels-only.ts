// x as it is, into the second layer.
import { shapes } from "residual";

type Output = shapes.Images<8, 8, 14>;

export function denseBlock(
  x: shapes.Images<8, 8, 6>,
  first: shapes.Shape<readonly [3, 3, 6, 4]>,
  second: shapes.Shape<readonly [3, 3, 10, 4]>,
): Output {
  const made = shapes.conv2d(shapes.relu(x), first, 1);
  const seen = shapes.concat(x, shapes.relu(made));
  return shapes.concat(shapes.concat(x, made), shapes.conv2d(seen, second, 1));
}
