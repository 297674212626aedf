// One function for a dense layer, used twice.
import { shapes } from "residual";

type Output = shapes.Images<8, 8, 14>;

function dense<A extends number>(seen: shapes.Images<8, 8, A>, kernel: shapes.Shape<readonly [3, 3, A, 4]>) {
  return shapes.concat(seen, shapes.conv2d(shapes.relu(seen), kernel, 1));
}

export function denseBlock(
  x: shapes.Images<8, 8, 6>,
  first: shapes.Shape<readonly [3, 3, 6, 4]>,
  second: shapes.Shape<readonly [3, 3, 10, 4]>,
): Output {
  return dense(dense(x, first), second);
}
