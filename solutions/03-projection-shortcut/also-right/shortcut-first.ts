// The shortcut first, and the residual as a chain.
import { shapes } from "residual";

interface Parts {
  readonly first: shapes.Shape<readonly [3, 3, 4, 8]>;
  readonly firstNorm: shapes.Norm<8>;
  readonly second: shapes.Shape<readonly [3, 3, 8, 8]>;
  readonly secondNorm: shapes.Norm<8>;
  readonly projection: shapes.Shape<readonly [1, 1, 4, 8]>;
  readonly projectionNorm: shapes.Norm<8>;
}

type Output = shapes.Images<4, 4, 8>;

export function projectionUnit(x: shapes.Images<8, 8, 4>, parts: Parts): Output {
  const shortcut = shapes.norm(shapes.conv2d(x, parts.projection, 2), parts.projectionNorm);
  let hidden = shapes.conv2d(x, parts.first, 2);
  hidden = shapes.relu(shapes.norm(hidden, parts.firstNorm));
  hidden = shapes.norm(shapes.conv2d(hidden, parts.second, 1), parts.secondNorm);
  return shapes.relu(shapes.add(shortcut, hidden));
}
