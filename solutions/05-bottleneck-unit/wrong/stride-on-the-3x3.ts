// As in published models.
// Believed: There is one ResNet-50.
// In class: The paper strides in the first 1×1 convolution, most published weights in the 3×3. The parameters are the same, the multiply-adds
// and the outputs are not. A claim has to say which.
import { shapes } from "residual";

type Output = shapes.Images<4, 4, 16>;

export function bottleneck(
  x: shapes.Images<8, 8, 8>,
  reduce: shapes.Shape<readonly [1, 1, 8, 4]>,
  spatial: shapes.Shape<readonly [3, 3, 4, 4]>,
  expand: shapes.Shape<readonly [1, 1, 4, 16]>,
  projection: shapes.Shape<readonly [1, 1, 8, 16]>,
): Output {
  const narrow = shapes.relu(shapes.conv2d(x, reduce, 1));
  const hidden = shapes.relu(shapes.conv2d(narrow, spatial, 2));
  const residual = shapes.conv2d(hidden, expand, 1);
  return shapes.relu(shapes.add(residual, shapes.conv2d(x, projection, 2)));
}
