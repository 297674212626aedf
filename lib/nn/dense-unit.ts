// The unit of a DenseNet: its input, and behind it the new channels that it made of it.
import * as tf from "@tensorflow/tfjs-core";
import { relu } from "./activation.js";
import { batchNorm } from "./batch-norm.js";
import { conv2d } from "./conv2d.js";
import { mark, onePixel, sizeOf, widest, type Layer, type LayerRow } from "./layer.js";
import { averagePool } from "./pool.js";
import { sequential, type Sequential } from "./sequential.js";

/** Makes the composite function H of one unit: `channels` in, `growth` out. */
export type Composite = (channels: number, growth: number) => Sequential;

/** The composite functions of DenseNets (Huang et al. 2017, section 3). */
export const composites = {
  /** Norm, ReLU, 3x3. */
  basic: (channels: number, growth: number): Sequential =>
    sequential({ norm1: batchNorm(channels), relu1: relu(), conv1: conv2d(channels, growth) }),
  /** DenseNet-B: norm, ReLU, 1x1 to four times the growth, norm, ReLU, 3x3. */
  bottleneck: (channels: number, growth: number): Sequential =>
    sequential({
      norm1: batchNorm(channels),
      relu1: relu(),
      conv1: conv2d(channels, 4 * growth, { kernel: 1 }),
      norm2: batchNorm(4 * growth),
      relu2: relu(),
      conv2: conv2d(4 * growth, growth),
    }),
} as const satisfies Record<string, Composite>;

/** A composite function by name. */
export type CompositeName = keyof typeof composites;

/**
 * [x, H(x)] along the channels (Huang et al. 2017, equation 2): x [N, H, W, C] gives [N, H, W, C + growth]. Where a residual unit adds,
 * this one keeps both.
 *
 * Inside, H(x) is seen as `new`. Parameters: those of H.
 *
 * @example
 * ```ts
 * nn.denseUnit(16, 12, nn.composites.basic).outputShape([8, 8, 16]); // [8, 8, 28]
 * ```
 */
export function denseUnit(channels: number, growth: number, composite: Composite): Layer {
  const made = composite(channels, growth);
  return {
    kind: "dense unit",
    forward: (x, mode) =>
      tf.tidy(() => {
        const added = mark(made.forward(x, mode), "new", mode);
        return mark(tf.concat([x, added], 3), "joined", mode);
      }),
    outputShape(input) {
      const [height, width, grown] = made.outputShape(input);
      return [height!, width!, input.at(-1)! + grown!];
    },
    parameters: () => made.parameters(),
    receptiveField: (before) => widest(before, made.receptiveField(before)),
    rows(input, before = onePixel) {
      const outputShape = this.outputShape(input);
      const joined: LayerRow = {
        name: "joined",
        kind: "concatenation",
        outputShape,
        parameters: 0,
        multiplyAdds: 0,
        activations: sizeOf(outputShape),
        receptiveField: this.receptiveField(before).size,
      };
      return [...made.rows(input, before), joined];
    },
  };
}

/**
 * Between two blocks: norm, ReLU, 1x1 to fewer channels, 2x2 average pool (Huang et al. 2017, section 3).
 *
 * @example
 * ```ts
 * nn.transition(32, 16).outputShape([8, 8, 32]); // [4, 4, 16]
 * ```
 */
export function transition(inChannels: number, outChannels: number): Sequential {
  return sequential({
    norm: batchNorm(inChannels),
    relu: relu(),
    conv: conv2d(inChannels, outChannels, { kernel: 1 }),
    pool: averagePool(2),
  });
}
