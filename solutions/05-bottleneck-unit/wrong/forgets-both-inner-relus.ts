// One ReLU, after the addition.
import { shapes } from "residual";

type Output = shapes.Images<4, 4, 16>;

export function bottleneck(
  x: shapes.Images<8, 8, 8>,
  reduce: shapes.Shape<readonly [1, 1, 8, 4]>,
  spatial: shapes.Shape<readonly [3, 3, 4, 4]>,
  expand: shapes.Shape<readonly [1, 1, 4, 16]>,
  projection: shapes.Shape<readonly [1, 1, 8, 16]>,
): Output {
  const hidden = shapes.conv2d(shapes.conv2d(x, reduce, 2), spatial, 1);
  const residual = shapes.conv2d(hidden, expand, 1);
  return shapes.relu(shapes.add(residual, shapes.conv2d(x, projection, 2)));
}
