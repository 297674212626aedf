// The fully connected layer that turns features into logits.
import * as tf from "@tensorflow/tfjs-core";
import { leaf, type Layer, type Shape } from "./layer.js";
import { Parameter } from "./parameter.js";

/**
 * x W + b. x [N, in] gives [N, out].
 *
 * Parameters: `weight` [in, out], normal with variance 1 / in (He et al. 2015, equation 10, without the factor 2, since no ReLU
 * follows; the papers do not say); `bias` [out], zero. The fan-in serves under either initialisation: the fan-out of a classifier is
 * the number of classes, which says nothing of the size of its inputs.
 */
export function dense(inFeatures: number, outFeatures: number): Layer {
  const fan = { fanIn: inFeatures, fanOut: inFeatures };
  const weight = new Parameter("weight", [inFeatures, outFeatures], { gain: 1, ...fan });
  const bias = new Parameter("bias", [outFeatures], { constant: 0 });
  return leaf({
    kind: "dense",
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
