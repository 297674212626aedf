// The shortcuts of the papers: identity, option A (zeros), options B and C (projections), that of the activated input, and none.
import * as tf from "@tensorflow/tfjs-core";
import { batchNorm } from "./batch-norm.js";
import { conv2d } from "./conv2d.js";
import { leaf, type Layer } from "./layer.js";
import { oneOf, onlyKnown } from "./options.js";
import { sequential } from "./sequential.js";
import { imageOf } from "./shape.js";

/** How a unit's output differs from its input: the shortcut has to follow. */
export interface ShapeChange {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly stride: number;
}

/** A layer from the unit's input to the shape of its residual F(x), which is added to it. */
export interface ShortcutLayer extends Layer {
  /**
   * What it starts from: the unit's `input`, or in a pre-activation order the `activated` input, after the norm and the ReLU that
   * F begins with. Default: `input`.
   */
  readonly reads?: "input" | "activated";
}

/** Makes the shortcut of one unit. `undefined`: nothing is added, and the unit is plain. */
export type Shortcut = (change: ShapeChange) => ShortcutLayer | undefined;

/**
 * x itself.
 *
 * @example
 * ```ts
 * nn.identity().forward(tf.tensor1d([1, 2]), { training: false }); // [1, 2]
 * ```
 */
export function identity(): Layer {
  return leaf({ kind: "identity", forward: (x) => x, outputShape: (input) => input, activations: () => 0 });
}

/** Where option A puts its channels of zeros: all of them behind x's own, or one half before and one half behind. */
export type ZerosPlace = "behind" | "around";

/** How `zeroPadding` pads. */
export interface ZeroPaddingOptions {
  /** Default: `behind`. An odd number of zeros `around` has the larger half behind. */
  readonly zeros?: ZerosPlace;
}

/**
 * Option A's shortcut where dimensions grow: every `stride`-th row and column of x, and channels of zeros behind its own or around them.
 * x [N, H, W, in] gives [N, ceil(H / stride), ceil(W / stride), out]. No parameters.
 *
 * The paper says "extra zero entries padded" (section 3.3) and not where. Trained weights fit only the place that they were trained
 * with: the most used PyTorch code for CIFAR (Idelbayev's pytorch_resnet_cifar10, resnet.py, `LambdaLayer`) puts them around.
 *
 * The subsampling is an average over windows of one pixel, which has a gradient on every backend, as `tf.stridedSlice` has not.
 * @throws RangeError if there are fewer channels than before, or `zeros` is another word.
 *
 * @example
 * ```ts
 * nn.zeroPadding({ inChannels: 1, outChannels: 2, stride: 1 }).forward(tf.ones([1, 1, 1, 1]), {
 *   training: false,
 * }); // [[[[1, 0]]]]
 * ```
 */
export function zeroPadding(
  { inChannels, outChannels, stride }: ShapeChange,
  options: ZeroPaddingOptions = {},
): Layer {
  onlyKnown("zeroPadding", options, ["zeros"]);
  const { zeros = "behind" } = options;
  const added = outChannels - inChannels;
  if (added < 0) {
    throw new RangeError(
      `option A can only add channels; got ${inChannels} to ${outChannels}: use option B, which projects`,
    );
  }
  const before = oneOf("zeros", zeros, ["behind", "around"]) === "behind" ? 0 : Math.floor(added / 2);
  const kind = `zero padding${zeros === "behind" ? "" : " around"}${stride === 1 ? "" : `/${stride}`}`;
  return leaf({
    kind,
    window: { size: 1, stride },
    forward(x) {
      const sampled = stride === 1 ? (x as tf.Tensor4D) : tf.avgPool(x as tf.Tensor4D, 1, stride, "valid");
      return added === 0 ? sampled : tf.pad(sampled, [[0, 0], [0, 0], [0, 0], [before, added - before]]); // prettier-ignore
    },
    outputShape(input) {
      const [height, width] = imageOf(input, kind, inChannels);
      return [Math.ceil(height / stride), Math.ceil(width / stride), outChannels];
    },
  });
}

/**
 * The projection of the identity paper's code (resnet-pre-act.lua): a 1x1 convolution of the activated input, without a norm, since the
 * input is normalised already and the next unit normalises the sum.
 *
 * @example
 * ```ts
 * nn.activatedProjection({ inChannels: 16, outChannels: 32, stride: 2 }).outputShape([32, 32, 16]); // [16, 16, 32]
 * ```
 */
export function activatedProjection({ inChannels, outChannels, stride }: ShapeChange): ShortcutLayer {
  return {
    ...sequential({ conv: conv2d(inChannels, outChannels, { kernel: 1, stride }) }),
    reads: "activated",
  };
}

/**
 * The projection W_s of equation 2: a 1x1 convolution with batch norm, which the ResNet paper puts after each convolution.
 *
 * @example
 * ```ts
 * nn.projection({ inChannels: 16, outChannels: 32, stride: 2 }).outputShape([32, 32, 16]); // [16, 16, 32]
 * ```
 */
export function projection({ inChannels, outChannels, stride }: ShapeChange): Layer {
  return sequential({
    conv: conv2d(inChannels, outChannels, { kernel: 1, stride }),
    norm: batchNorm(outChannels),
  });
}

const grows = ({ inChannels, outChannels, stride }: ShapeChange) =>
  inChannels !== outChannels || stride !== 1;

/** The options of the ResNet paper, section 3.3 and Table 3, and that of the identity paper's pre-activation networks. */
export const shortcuts = {
  /** Zero padding where dimensions grow, zeros behind, identity elsewhere: no parameters. */
  A: (change: ShapeChange): Layer => (grows(change) ? zeroPadding(change) : identity()),
  /** Option A with half of the zeros before x's channels, as in most published CIFAR weights. */
  "A-around": (change: ShapeChange): Layer =>
    grows(change) ? zeroPadding(change, { zeros: "around" }) : identity(),
  /** Projection where dimensions grow, identity elsewhere. */
  B: (change: ShapeChange): Layer => (grows(change) ? projection(change) : identity()),
  /** Projection everywhere. */
  C: (change: ShapeChange): Layer => projection(change),
  /** Projection of the activated input where dimensions grow, identity elsewhere: for pre-activation orders. */
  activated: (change: ShapeChange): ShortcutLayer =>
    grows(change) ? activatedProjection(change) : identity(),
  /** The plain twin. */
  none: (): undefined => undefined,
} as const satisfies Record<string, Shortcut>;

/** A shortcut of the papers. */
export type ShortcutName = keyof typeof shortcuts;
