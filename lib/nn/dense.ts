// Fully connected layers, and the flattening that turns an image into features.
import * as tf from "@tensorflow/tfjs-core";
import { leaf, sizeOf, type Layer, type Shape } from "./layer.js";
import { numberWithin, onlyKnown } from "./options.js";
import { Parameter } from "./parameter.js";

/** How `dense` starts. */
export interface DenseOptions {
  /** Variance of the weights times the inputs: 2 where a ReLU follows, 1 where none does. Default: 1. */
  readonly gain?: number;
}

/**
 * x W + b. x [N, in] gives [N, out].
 *
 * Parameters: `weight` [in, out], normal with variance gain / in (He et al. 2015, equation 10; a classifier is without the factor 2,
 * since no ReLU follows; the papers do not say); `bias` [out], zero. The fan-in serves under either initialisation: the fan-out of a classifier is
 * the number of classes, which says nothing of the size of its inputs.
 *
 * @example
 * ```ts
 * nn.dense(64, 10).outputShape([64]); // [10]
 * ```
 */
export function dense(inFeatures: number, outFeatures: number, options: DenseOptions = {}): Layer {
  onlyKnown("dense", options, ["gain"]);
  const gain = numberWithin("dense: gain", options.gain ?? 1, 0, Infinity);
  const fan = { fanIn: inFeatures, fanOut: inFeatures };
  const weight = new Parameter("weight", [inFeatures, outFeatures], { gain, ...fan });
  const bias = new Parameter("bias", [outFeatures], { constant: 0 });
  return leaf({
    kind: "dense",
    window: "image",
    parameters: { weight, bias },
    forward: (x) => tf.add(tf.matMul(x as tf.Tensor2D, weight.variable as tf.Tensor2D), bias.variable),
    outputShape(input: Shape) {
      if (input.length !== 1 || input[0] !== inFeatures) {
        throw new RangeError(`dense needs features [${inFeatures}]; got [${input.join(", ")}]`);
      }
      return [outFeatures];
    },
    multiplyAdds: () => inFeatures * outFeatures,
  });
}

/**
 * Every pixel and channel in a row: x [N, H, W, C] gives [N, H * W * C].
 *
 * @example
 * ```ts
 * nn.flatten().outputShape([4, 4, 8]); // [128]
 * ```
 */
export function flatten(): Layer {
  return leaf({
    kind: "flatten",
    activations: () => 0,
    forward: (x) => tf.reshape(x, [x.shape[0], -1]),
    outputShape: (input) => [sizeOf(input)],
  });
}
