// As in pre-activation units.
// Also no-relu-after-the-addition: with zero kernels that is all that shows.
import { shapes } from "residual";

type Output = shapes.Images<4, 4, 16>;

export function bottleneck(
  x: shapes.Images<8, 8, 8>,
  reduce: shapes.Shape<readonly [1, 1, 8, 4]>,
  spatial: shapes.Shape<readonly [3, 3, 4, 4]>,
  expand: shapes.Shape<readonly [1, 1, 4, 16]>,
  projection: shapes.Shape<readonly [1, 1, 8, 16]>,
): Output {
  const narrow = shapes.conv2d(shapes.relu(x), reduce, 2);
  const hidden = shapes.conv2d(shapes.relu(narrow), spatial, 1);
  const residual = shapes.conv2d(shapes.relu(hidden), expand, 1);
  return shapes.add(residual, shapes.conv2d(x, projection, 2));
}
