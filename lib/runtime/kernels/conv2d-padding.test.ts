// Convolutions with padding in numbers on the native engine: the values and gradients of the pure JavaScript backend.
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { runtime } from "../../index.js";
import { ready } from "../ready.js";

beforeAll(async () => {
  await ready({ backend: "tensorflow" });
});

type Pad = Parameters<typeof tf.conv2d>[3];

/** The convolution of fixed numbers, and its gradients. */
function convolved(pad: Pad, stride: number): readonly Float32Array[] {
  return tf.tidy(() => {
    const numbers = (shape: [number, number, number, number], by: number) =>
      tf.tensor4d(
        Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => Math.sin(by * i)),
        shape,
      );
    const [x, kernel] = [numbers([2, 5, 6, 2], 0.7), numbers([3, 3, 2, 3], 1.3)];
    const y = (a: tf.Tensor, k: tf.Tensor) => tf.conv2d(a as tf.Tensor4D, k as tf.Tensor4D, stride, pad);
    const gradients = tf.grads((a: tf.Tensor, k: tf.Tensor) => tf.sum(tf.square(y(a, k))))([x, kernel]);
    return [y(x, kernel), ...gradients].map((tensor) => tensor.dataSync() as Float32Array);
  });
}

test.each<[Pad, number]>([
  [1, 1],
  [1, 2],
  [2, 1],
  [[[0, 0], [1, 2], [0, 1], [0, 0]], 1], // prettier-ignore
])("tf.conv2d() takes padding %o at stride %i, and so do its gradients", async (pad, stride) => {
  const native = convolved(pad, stride);
  await tf.setBackend("cpu");
  const wanted = convolved(pad, stride);
  await tf.setBackend("tensorflow");
  native.forEach((values, i) => {
    expect(values).toHaveLength(wanted[i]!.length);
    values.forEach((value, at) => {
      expect(value).toBeCloseTo(wanted[i]![at]!, 3);
    });
  });
});

test("runtime.tf has the chained operations, in types too", () => {
  const said: runtime.tf.Tensor = runtime.tf.tensor2d([[1, 3, 2]]).argMax(-1);
  expect(Array.from(said.dataSync())).toEqual([1]);
});
