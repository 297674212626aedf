// Every second pixel first: then nothing needs a stride.
import { shapes } from "residual";

type Output = shapes.Images<4, 4, 16>;

export function bottleneck(
  x: shapes.Images<8, 8, 8>,
  reduce: shapes.Shape<readonly [1, 1, 8, 4]>,
  spatial: shapes.Shape<readonly [3, 3, 4, 4]>,
  expand: shapes.Shape<readonly [1, 1, 4, 16]>,
  projection: shapes.Shape<readonly [1, 1, 8, 16]>,
): Output {
  const small = shapes.subsample(x);
  const narrow = shapes.relu(shapes.conv2d(small, reduce, 1));
  const wide = shapes.conv2d(shapes.relu(shapes.conv2d(narrow, spatial, 1)), expand, 1);
  return shapes.relu(shapes.add(shapes.conv2d(small, projection, 1), wide));
}
