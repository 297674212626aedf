// Max pooling with symmetric padding, average pooling, and global average pooling.
import * as tf from "@tensorflow/tfjs-core";
import { leaf, type Layer, type Shape } from "./layer.js";
import { integerWithin, onlyKnown } from "./options.js";
import { imageOf } from "./shape.js";

/** How `maxPool` slides. */
export interface MaxPoolOptions {
  /** Side of the square window of pixels, of which each output is the largest. Default: 3. */
  readonly kernel?: number;
  /** Default: 2. */
  readonly stride?: number;
  /** Cells on each side that never win. Default: 1. */
  readonly padding?: number;
}

/** The lowest finite float32. It never wins against a value; minus infinity would become NaN where it is multiplied by 0. */
const lowest = -3.4028234663852886e38;

/**
 * The largest value of each window. x [N, H, W, C] gives [N, H', W', C] with H' = floor((H + 2 * padding - kernel) / stride) + 1.
 * The defaults are the ImageNet networks' 3x3/2 pool (ResNet paper, Table 1).
 *
 * The padding is symmetric and made by hand, because TensorFlow's `same` pads even sizes on the bottom and right only. The cells are
 * filled with the lowest number, so that the result is right for any input; after a ReLU zeros would give the same.
 *
 * TensorFlow.js 4.22 has a wrong gradient on wasm for a window without a positive value: it goes to the window's first cell. After
 * a ReLU this changes nothing, since the ReLU lets no gradient through where it gave 0.
 *
 * @example
 * ```ts
 * nn.maxPool().outputShape([112, 112, 64]); // [56, 56, 64]
 * ```
 */
export function maxPool(options: MaxPoolOptions = {}): Layer {
  onlyKnown("maxPool", options, ["kernel", "stride", "padding"]);
  const kernel = integerWithin("maxPool: kernel", options.kernel ?? 3, 1, 4096);
  const stride = integerWithin("maxPool: stride", options.stride ?? 2, 1, 4096);
  const padding = integerWithin("maxPool: padding", options.padding ?? 1, 0, 4096);
  const kind = `max pool ${kernel}x${kernel}/${stride}`;
  if (2 * padding > kernel) {
    throw new RangeError(`padding must be at most half the kernel of ${kernel}; got ${padding}`);
  }
  return leaf({
    kind,
    window: { size: kernel, stride },
    forward(x) {
      const sides: [number, number] = [padding, padding];
      const padded = padding === 0 ? x : tf.pad(x as tf.Tensor4D, [[0, 0], sides, sides, [0, 0]], lowest);
      return tf.maxPool(padded as tf.Tensor4D, kernel, stride, "valid");
    },
    outputShape(input: Shape) {
      const [height, width, channels] = imageOf(input, kind);
      const out = [height, width].map((length) => Math.floor((length + 2 * padding - kernel) / stride) + 1);
      if (out.some((length) => length < 1)) {
        throw new RangeError(
          `${kind} needs an image of at least ${kernel - 2 * padding} pixels a side; got ${height}x${width}`,
        );
      }
      return [...out, channels];
    },
  });
}

/**
 * The mean of each window of `kernel` x `kernel` pixels, which do not overlap. x [N, H, W, C] gives [N, floor(H / kernel), floor(W / kernel), C].
 * DenseNet's transitions use 2x2.
 *
 * @example
 * ```ts
 * nn.averagePool(2).outputShape([8, 8, 16]); // [4, 4, 16]
 * ```
 */
export function averagePool(kernel: number): Layer {
  const kind = `average pool ${kernel}x${kernel}/${kernel}`;
  return leaf({
    kind,
    window: { size: kernel, stride: kernel },
    forward: (x) => tf.avgPool(x as tf.Tensor4D, kernel, kernel, "valid"),
    outputShape(input) {
      const [height, width, channels] = imageOf(input, kind);
      if (Math.min(height, width) < kernel) {
        throw new RangeError(
          `${kind} needs an image of at least ${kernel} pixels a side; got ${height}x${width}`,
        );
      }
      return [Math.floor(height / kernel), Math.floor(width / kernel), channels];
    },
  });
}

/**
 * The mean of each channel. x [N, H, W, C] gives [N, C].
 *
 * @example
 * ```ts
 * nn.globalAveragePool().outputShape([8, 8, 64]); // [64]
 * ```
 */
export function globalAveragePool(): Layer {
  const kind = "global average pool";
  return leaf({
    kind,
    window: "image",
    forward: (x) => channelMeans(x),
    outputShape: (input) => [imageOf(input, kind)[2]],
  });
}

/**
 * y[n, c] = sum over h, w of x[n, h, w, c] / (H W), so dx[n, h, w, c] = dy[n, c] / (H W): dy repeated over the image. `tf.mean`'s own
 * gradient multiplies by an array of ones of x's size, which it makes in JavaScript: 1 ms a step for a CIFAR network at batch 128.
 */
const channelMeans = tf.customGrad((x) => {
  const [n, height, width, channels] = (x as tf.Tensor4D).shape;
  return {
    value: tf.mean(x as tf.Tensor4D, [1, 2]),
    gradFunc: (dy: tf.Tensor) =>
      tf.tile(tf.reshape(tf.div(dy, height * width), [n, 1, 1, channels]), [1, height, width, 1]),
  };
});
