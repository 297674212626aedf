// As Figure 5 is drawn, from the inside out.
import { shapes } from "residual";

type Output = shapes.Images<4, 4, 16>;

export function bottleneck(
  x: shapes.Images<8, 8, 8>,
  reduce: shapes.Shape<readonly [1, 1, 8, 4]>,
  spatial: shapes.Shape<readonly [3, 3, 4, 4]>,
  expand: shapes.Shape<readonly [1, 1, 4, 16]>,
  projection: shapes.Shape<readonly [1, 1, 8, 16]>,
): Output {
  const activated = <D extends shapes.Dimensions>(y: shapes.Shape<D>) => shapes.relu(y);
  return activated(
    shapes.add(
      shapes.conv2d(activated(shapes.conv2d(activated(shapes.conv2d(x, reduce, 2)), spatial, 1)), expand, 1),
      shapes.conv2d(x, projection, 2),
    ),
  );
}
