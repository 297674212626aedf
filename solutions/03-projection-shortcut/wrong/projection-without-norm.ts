// W_s x, and no normalisation.
// Believed: The projection only mends shapes, so it needs no normalisation.
// In class: Its output is added to something that is normalised. Without a norm of its own one summand has a scale that training has to find,
// and the other has not.
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
  const { first, firstNorm, second, secondNorm, projection } = parts;
  const hidden = shapes.relu(shapes.norm(shapes.conv2d(x, first, 2), firstNorm));
  const residual = shapes.norm(shapes.conv2d(hidden, second, 1), secondNorm);
  const shortcut = shapes.conv2d(x, projection, 2);
  return shapes.relu(shapes.add(residual, shortcut));
}
