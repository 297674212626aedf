// The residual unit: F(x) + x, for any convolutions, any shortcut and any order of operations.
import * as tf from "@tensorflow/tfjs-core";
import { relu } from "./activation.js";
import { batchNorm } from "./batch-norm.js";
import { conv2d } from "./conv2d.js";
import { mark, prefixed, within, type Layer } from "./layer.js";
import { operationsOf, unitOrders, type NamedOperation, type UnitOrder } from "./order.js";
import { sequential, type Sequential } from "./sequential.js";
import { shortcuts, type ShapeChange, type Shortcut } from "./shortcut.js";

/** One convolution of a unit. */
export interface Convolution {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernel: number;
  readonly stride: number;
}

/** Where a unit begins and how wide it is. */
export interface UnitShape {
  readonly inChannels: number;
  /** Channels of its 3x3 convolutions. */
  readonly width: number;
  readonly stride: number;
  /**
   * The bottleneck's convolution that has the stride. `1x1`: the first, as in the papers. `3x3`: the second, as in most published
   * weights, which costs more multiply-adds and has the same parameters.
   */
  readonly strideOn: StrideOn;
}

/** Which convolution of a bottleneck subsamples. */
export type StrideOn = "1x1" | "3x3";

/** Figure 5 (left): two 3x3 convolutions. */
function basic({ inChannels, width, stride }: UnitShape): readonly Convolution[] {
  return [
    { inChannels, outChannels: width, kernel: 3, stride },
    { inChannels: width, outChannels: width, kernel: 3, stride: 1 },
  ];
}

/** Figure 5 (right): 1x1 reduces, 3x3 works, 1x1 restores to four times the width. */
function bottleneck({ inChannels, width, stride, strideOn }: UnitShape): readonly Convolution[] {
  return [
    { inChannels, outChannels: width, kernel: 1, stride: strideOn === "1x1" ? stride : 1 },
    { inChannels: width, outChannels: width, kernel: 3, stride: strideOn === "3x3" ? stride : 1 },
    { inChannels: width, outChannels: 4 * width, kernel: 1, stride: 1 },
  ];
}

/** The units of the ResNet paper's Figure 5. */
export const unitKinds = {
  /** Two 3x3 convolutions. */
  basic,
  /** 1x1, 3x3, 1x1. */
  bottleneck,
} as const;

/** A unit of the ResNet paper's Figure 5. */
export type UnitKind = keyof typeof unitKinds;

/** What a residual unit is made of. */
export interface ResidualUnitOptions {
  /** Default: `shortcuts.A`. */
  readonly shortcut?: Shortcut;
  /** Default: `unitOrders.original`. */
  readonly order?: UnitOrder;
  /**
   * What comes before the first convolution in a pre-activation order. `omit` where the input is activated already, as for the first
   * unit of a network (identity paper, appendix). Default: `apply`.
   */
  readonly preActivation?: "apply" | "omit";
}

/** A unit and the parts that it was made of. */
export interface ResidualUnit extends Layer {
  readonly convolutions: readonly Convolution[];
  readonly change: ShapeChange;
  /** F. */
  readonly residual: Sequential;
  /** h; undefined in a plain unit. */
  readonly shortcut: Layer | undefined;
  /** f. */
  readonly afterAddition: Sequential;
}

/**
 * y = f(h(x) + F(x)) (identity paper, equations 1 and 2): F the convolutions with their norms and ReLUs, h the shortcut, f what
 * follows the addition. Without a shortcut y = f(F(x)), the plain twin with the same names.
 *
 * Parameters: `conv1.weight`, `norm1.scale`, …, and `shortcut.conv.weight`, … where the shortcut has any.
 */
export function residualUnit(
  convolutions: readonly Convolution[],
  options: ResidualUnitOptions = {},
): ResidualUnit {
  const {
    shortcut: makeShortcut = shortcuts.A,
    order = unitOrders.original,
    preActivation = "apply",
  } = options;
  const change = changeOf(convolutions);
  const { leading, branch, afterAddition: following } = operationsOf(order, convolutions.length);

  const make = layerMaker(convolutions);
  const residual = sequential({ ...(preActivation === "apply" ? make(leading) : {}), ...make(branch) });
  const afterAddition = sequential(make(following));
  const shortcut = makeShortcut(change);

  const parameters = [
    ...residual.parameters(),
    ...(shortcut ? prefixed("shortcut", shortcut.parameters()) : []),
    ...afterAddition.parameters(),
  ];
  return {
    kind: shortcut ? "residual unit" : "plain unit",
    convolutions,
    change,
    residual,
    shortcut,
    afterAddition,
    forward: (x, mode) =>
      tf.tidy(() => {
        const carried = shortcut && mark(shortcut.forward(x, within(mode, "shortcut")), "shortcut", mode);
        const learned = mark(residual.forward(x, mode), "residual", mode);
        const sum = mark(carried ? tf.add(learned, carried) : learned, "sum", mode);
        return afterAddition.forward(sum, mode);
      }),
    outputShape(input) {
      const output = residual.outputShape(input);
      const carried = shortcut?.outputShape(input) ?? output;
      if (carried.join() !== output.join()) {
        throw new RangeError(
          `a shortcut must give the shape of F(x), [${output.join(", ")}]; got [${carried.join(", ")}]`,
        );
      }
      return output;
    },
    parameters: () => parameters,
    rows: (input) => [
      ...residual.rows(input),
      ...(shortcut ? prefixed("shortcut", shortcut.rows(input)) : []),
      ...afterAddition.rows(residual.outputShape(input)),
    ],
  };
}

function changeOf(convolutions: readonly Convolution[]): ShapeChange {
  const first = convolutions[0];
  const last = convolutions.at(-1);
  if (!first || !last) throw new RangeError("a unit needs at least one convolution; got none");
  return {
    inChannels: first.inChannels,
    outChannels: last.outChannels,
    stride: convolutions.reduce((product, { stride }) => product * stride, 1),
  };
}

/** Makes layers in the order of the forward pass: a norm has the channels of the convolution before it. */
function layerMaker(
  convolutions: readonly Convolution[],
): (operations: readonly NamedOperation[]) => Record<string, Layer> {
  let channels = convolutions[0]?.inChannels ?? 0;
  const remaining = [...convolutions];
  const layerFor = ({ operation }: NamedOperation): Layer => {
    if (operation === "relu") return relu();
    if (operation === "norm") return batchNorm(channels);
    const { inChannels, outChannels, kernel, stride } = remaining.shift()!;
    channels = outChannels;
    return conv2d(inChannels, outChannels, { kernel, stride });
  };
  return (operations) => Object.fromEntries(operations.map((named) => [named.name, layerFor(named)]));
}
