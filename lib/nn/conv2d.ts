// Convolution over [N, H, W, C] with symmetric zero padding.
import * as tf from "@tensorflow/tfjs-core";
import * as runtime from "../runtime/index.js";
import { leaf, type Layer, type Shape } from "./layer.js";
import { Parameter } from "./parameter.js";
import { imageOf } from "./shape.js";

/** How `conv2d` slides. */
export interface Conv2dOptions {
  /** Side of the square kernel. Default: 3. */
  readonly kernel?: number;
  /** Default: 1. */
  readonly stride?: number;
  /** Zeros on each side. Default: (kernel - 1) / 2, which keeps the size at stride 1. */
  readonly padding?: number;
  /** Default: `none`, since a batch norm's shift follows. */
  readonly bias?: "none" | "zero";
}

/**
 * A convolution. x [N, H, W, in] gives [N, H', W', out] with H' = floor((H + 2 * padding - kernel) / stride) + 1.
 *
 * The padding is the same on all sides, as in the papers' code and in published weights. TensorFlow's `same` pads even sizes at
 * stride 2 on the bottom and right only, and so computes something else.
 *
 * Parameters: `weight` [kernel, kernel, in, out], He normal; `bias` [out] where asked for.
 */
export function conv2d(inChannels: number, outChannels: number, options: Conv2dOptions = {}): Layer {
  const { kernel = 3, stride = 1, padding = (kernel - 1) / 2, bias = "none" } = options;
  const area = kernel * kernel;
  const weight = new Parameter("weight", [kernel, kernel, inChannels, outChannels], {
    gain: 2,
    fanIn: area * inChannels,
    fanOut: area * outChannels,
  });
  const offset = bias === "none" ? undefined : new Parameter("bias", [outChannels], { constant: 0 });
  const kind = `conv ${kernel}x${kernel}${stride === 1 ? "" : `/${stride}`}`;

  const outputShape = (input: Shape): Shape => {
    const [height, width] = imageOf(input, kind, inChannels);
    const out = [height, width].map((length) => Math.floor((length + 2 * padding - kernel) / stride) + 1);
    if (Math.min(...out) < 1) {
      throw new RangeError(
        `${kind} with padding ${padding} needs an image of at least ${kernel - 2 * padding} pixels a side; got ${height}x${width}`,
      );
    }
    return [...out, outChannels];
  };

  return leaf({
    kind,
    parameters: { weight, ...(offset && { bias: offset }) },
    forward(x) {
      const y = runtime.conv2d(x as tf.Tensor4D, weight.variable as tf.Tensor4D, stride, padding);
      return offset ? tf.add(y, offset.variable) : y;
    },
    outputShape,
    multiplyAdds(input) {
      const [height, width] = outputShape(input);
      return height! * width! * area * inChannels * outChannels;
    },
  });
}
