// Convolution over [N, H, W, C] with symmetric zero padding, in one group or several.
import * as tf from "@tensorflow/tfjs-core";
import * as runtime from "../runtime/index.js";
import { leaf, type Layer, type Shape } from "./layer.js";
import { finite, integerWithin, numberWithin, oneOf, onlyKnown } from "./options.js";
import { Parameter } from "./parameter.js";
import { imageOf } from "./shape.js";
import { lowest } from "../numeric.js";

/** How `conv2d` slides. */
export interface Conv2dOptions {
  /** Side of the square kernel. Default: 3. */
  readonly kernel?: number;
  /** Default: 1. */
  readonly stride?: number;
  /** Zeros on each side. Default: (kernel - 1) / 2, which keeps the size at stride 1. */
  readonly padding?: number;
  /** `none`, or what it starts at. Default: `none`, since a batch norm's shift follows. */
  readonly bias?: "none" | number;
  /** Channels are split into so many groups, and each group is convolved by itself. Default: 1. */
  readonly groups?: number;
  /** Variance of the weights times the fan: 2 where a ReLU follows. Default: 2. */
  readonly gain?: number;
}

/**
 * A convolution. x [N, H, W, in] gives [N, H', W', out] with H' = floor((H + 2 * padding - kernel) / stride) + 1.
 *
 * The padding is the same on all sides, as in the papers' code and in published weights. TensorFlow's `same` pads even sizes at
 * stride 2 on the bottom and right only, and so computes something else.
 *
 * With groups the first in / groups channels make the first out / groups, and so on (ResNeXt, Figure 3 (c)).
 *
 * Parameters: `weight` [kernel, kernel, in / groups, out], He normal; `bias` [out] where asked for.
 *
 * @throws RangeError if the groups do not divide both numbers of channels.
 *
 * @example
 * ```ts
 * nn.conv2d(3, 16, { stride: 2 }).outputShape([32, 32, 3]); // [16, 16, 16]
 * ```
 */
export function conv2d(inChannels: number, outChannels: number, options: Conv2dOptions = {}): Layer {
  onlyKnown("conv2d", options, ["kernel", "stride", "padding", "bias", "groups", "gain"]);
  const kernel = integerWithin("conv2d: kernel", options.kernel ?? 3, 1, 4096);
  const stride = integerWithin("conv2d: stride", options.stride ?? 1, 1, 4096);
  // An even kernel has no padding that keeps the size, so it must be given.
  const padding = integerWithin("conv2d: padding", options.padding ?? (kernel - 1) / 2, 0, 4096);
  const groups = integerWithin("conv2d: groups", options.groups ?? 1, 1, 65_536);
  const gain = numberWithin("conv2d: gain", options.gain ?? 2, 0, Infinity);
  const { bias = "none" } = options;
  if (typeof bias === "number") finite("conv2d: bias", bias);
  else oneOf("conv2d: bias", bias, ["none"]);
  if (!Number.isInteger(inChannels / groups) || !Number.isInteger(outChannels / groups)) {
    throw new RangeError(
      `groups must divide the channels; got ${groups} groups for ${inChannels} channels to ${outChannels}`,
    );
  }
  const area = kernel * kernel;
  const weight = new Parameter("weight", [kernel, kernel, inChannels / groups, outChannels], {
    gain,
    fanIn: (area * inChannels) / groups,
    fanOut: (area * outChannels) / groups,
  });
  const offset = bias === "none" ? undefined : new Parameter("bias", [outChannels], { constant: bias });
  const kind = `conv ${kernel}x${kernel}${stride === 1 ? "" : `/${stride}`}${groups === 1 ? "" : `, ${groups} groups`}`;

  const convolve = (x: tf.Tensor4D, filter: tf.Tensor4D) => runtime.conv2d(x, filter, stride, padding);
  const convolveGroups = (x: tf.Tensor4D, filter: tf.Tensor4D) => {
    const filters = tf.split(filter, groups, 3);
    return tf.concat(tf.split(x, groups, 3).map((part, k) => convolve(part as tf.Tensor4D, filters[k] as tf.Tensor4D)), 3); // prettier-ignore
  };

  const outputShape = (input: Shape): Shape => {
    const [height, width] = imageOf(input, kind, inChannels);
    const out = [height, width].map((length) => Math.floor((length + 2 * padding - kernel) / stride) + 1);
    if (lowest(out) < 1) {
      throw new RangeError(
        `${kind} with padding ${padding} needs an image of at least ${kernel - 2 * padding} pixels a side; got ${height}x${width}`,
      );
    }
    return [...out, outChannels];
  };

  return leaf({
    kind,
    window: { size: kernel, stride },
    parameters: { weight, ...(offset && { bias: offset }) },
    forward(x) {
      const filter = weight.variable as tf.Tensor4D;
      const y = groups === 1 ? convolve(x as tf.Tensor4D, filter) : tf.tidy(() => convolveGroups(x as tf.Tensor4D, filter)); // prettier-ignore
      return offset ? tf.add(y, offset.variable) : y;
    },
    outputShape,
    multiplyAdds(input) {
      const [height, width] = outputShape(input);
      return (height! * width! * area * inChannels * outChannels) / groups;
    },
  });
}
