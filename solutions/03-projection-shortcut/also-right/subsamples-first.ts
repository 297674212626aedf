// Takes every second pixel, then projects: a 1x1 convolution sees one pixel at a time.
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

function convolved<H extends number, W extends number, A extends number>(
  x: shapes.Images<H, W, A>,
  kernel: shapes.Shape<readonly [number, number, A, 8]>,
  norm: shapes.Norm<8>,
): shapes.Images<H, W, 8> {
  return shapes.norm(shapes.conv2d(x, kernel, 1), norm);
}

export function projectionUnit(x: shapes.Images<8, 8, 4>, parts: Parts): Output {
  const halved = shapes.subsample(convolved(x, parts.first, parts.firstNorm));
  const residual = convolved(shapes.relu(halved), parts.second, parts.secondNorm);
  return shapes.relu(
    shapes.add(residual, convolved(shapes.subsample(x), parts.projection, parts.projectionNorm)),
  );
}
