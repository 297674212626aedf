// The second layer sees its inputs in another order.
import { shapes } from "residual";

type Output = shapes.Images<8, 8, 14>;

export function denseBlock(
  x: shapes.Images<8, 8, 6>,
  first: shapes.Shape<readonly [3, 3, 6, 4]>,
  second: shapes.Shape<readonly [3, 3, 10, 4]>,
): Output {
  const features = shapes.conv2d(shapes.relu(x), first, 1);
  const seen = shapes.concat(features, x);
  return shapes.concat(shapes.concat(x, features), shapes.conv2d(shapes.relu(seen), second, 1));
}
