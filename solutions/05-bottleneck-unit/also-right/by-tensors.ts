// TensorFlow's own operations within a tidy, and one convolution for the two that read x.
import { runtime, shapes } from "residual";

type Output = shapes.Images<4, 4, 16>;

export function bottleneck(
  x: shapes.Images<8, 8, 8>,
  reduce: shapes.Shape<readonly [1, 1, 8, 4]>,
  spatial: shapes.Shape<readonly [3, 3, 4, 4]>,
  expand: shapes.Shape<readonly [1, 1, 4, 16]>,
  projection: shapes.Shape<readonly [1, 1, 8, 16]>,
): Output {
  const { tf } = runtime;
  const sum = tf.tidy(() => {
    const images = x.tensor as runtime.tf.Tensor4D;
    const both = tf.concat([reduce.tensor, projection.tensor], 3) as runtime.tf.Tensor4D;
    const read = tf.conv2d(images, both, 2, "valid");
    const [narrow, shortcut] = tf.split(read, [4, 16], 3) as [runtime.tf.Tensor4D, runtime.tf.Tensor4D];
    const hidden = tf.relu(tf.conv2d(tf.relu(narrow), spatial.tensor as runtime.tf.Tensor4D, 1, "same"));
    const flat = tf.matMul(tf.reshape(hidden, [-1, 4]), tf.reshape(expand.tensor, [4, 16]));
    return tf.maximum(tf.add(tf.reshape(flat, shortcut.shape), shortcut), 0);
  });
  return shapes.shaped(sum, ["N", 4, 4, 16]);
}
