// Norm, ReLU and convolution as one function, used twice.
import { shapes } from "residual";

type Output = shapes.Images<4, 4, 8>;

function activated<H extends number, W extends number, C extends number>(
  x: shapes.Images<H, W, C>,
  norm: shapes.Norm<C>,
): shapes.Images<H, W, C> {
  return shapes.relu(shapes.norm(x, norm));
}

export function preActivationUnit(
  x: shapes.Images<8, 8, 4>,
  firstNorm: shapes.Norm<4>,
  first: shapes.Shape<readonly [3, 3, 4, 8]>,
  secondNorm: shapes.Norm<8>,
  second: shapes.Shape<readonly [3, 3, 8, 8]>,
): Output {
  const hidden = shapes.conv2d(activated(x, firstNorm), first, 2);
  return shapes.add(
    shapes.subsample(shapes.padChannels(x, 8)),
    shapes.conv2d(activated(hidden, secondNorm), second, 1),
  );
}
