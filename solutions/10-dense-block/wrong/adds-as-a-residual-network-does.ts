// Sums in place of new channels.
// Believed: DenseNet is a residual network with more shortcuts.
// In class: It concatenates, so what a layer made stays as it was, and later layers choose from it. Ask what can no longer be told apart once
// two things are added.
import { runtime, shapes } from "residual";

type Output = shapes.Images<8, 8, 14>;

export function denseBlock(
  x: shapes.Images<8, 8, 6>,
  first: shapes.Shape<readonly [3, 3, 6, 4]>,
  second: shapes.Shape<readonly [3, 3, 10, 4]>,
): Output {
  const { tf } = runtime;
  const one = shapes.concat(x, shapes.conv2d(shapes.relu(x), first, 1));
  const two = shapes.conv2d(shapes.relu(one), second, 1);
  const [, , made] = tf.split(one.tensor, [4, 2, 4], 3);
  return shapes.concat(one, shapes.shaped(tf.add(two.tensor, made!), ["N", 8, 8, 4]));
}
