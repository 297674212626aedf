// The addition last.
// Also no-relu-after-the-addition: the addition is last.
import { shapes } from "residual";

type Output = shapes.Images<4, 4, 16>;

export function bottleneck(
  x: shapes.Images<8, 8, 8>,
  reduce: shapes.Shape<readonly [1, 1, 8, 4]>,
  spatial: shapes.Shape<readonly [3, 3, 4, 4]>,
  expand: shapes.Shape<readonly [1, 1, 4, 16]>,
  projection: shapes.Shape<readonly [1, 1, 8, 16]>,
): Output {
  const narrow = shapes.relu(shapes.conv2d(x, reduce, 2));
  const hidden = shapes.relu(shapes.conv2d(narrow, spatial, 1));
  const residual = shapes.conv2d(hidden, expand, 1);
  return shapes.add(shapes.relu(residual), shapes.conv2d(x, projection, 2));
}
