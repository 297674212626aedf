// TensorFlow.js's own form: one zero on each side, as a number.
import { runtime } from "residual";

const { tf } = runtime;
type Images = runtime.tf.Tensor4D;

export const residualBlock = (x: Images, first: Images, second: Images): Images =>
  tf.tidy(() => {
    const convolved = (a: Images, kernel: Images) => tf.conv2d(a, kernel, [1, 1], 1, "NHWC");
    return tf.relu(tf.add(convolved(tf.relu(convolved(x, first)), second), x));
  });
