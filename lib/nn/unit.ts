// The residual unit: F(x) + x, for any convolutions, any shortcut and any order of operations.
import * as tf from "@tensorflow/tfjs-core";
import { relu } from "./activation.js";
import { batchNorm } from "./batch-norm.js";
import { conv2d } from "./conv2d.js";
import { weighed, type Gate, type GateFactory, type UnitPlace } from "./gate.js";
import {
  mark,
  onePixel,
  prefixed,
  sizeOf,
  widest,
  within,
  type Layer,
  type LayerRow,
  type ReceptiveField,
} from "./layer.js";
import { operationsOf, unitOrders, type NamedOperation, type UnitOrder } from "./order.js";
import { oneOf, onlyKnown } from "./options.js";
import { sequential, type Sequential } from "./sequential.js";
import { shortcuts, type ShapeChange, type Shortcut, type ShortcutLayer } from "./shortcut.js";

/** One convolution of a unit. */
export interface Convolution {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernel: number;
  readonly stride: number;
  /** Default: 1. */
  readonly groups?: number;
  /** `none`, or what it starts at. Default: `none`. */
  readonly bias?: "none" | number;
}

/** Where a unit begins and how wide it is. */
export interface UnitShape {
  readonly inChannels: number;
  /** Channels of its 3x3 convolutions. */
  readonly width: number;
  readonly stride: number;
  /**
   * The bottleneck's convolution that has the stride. `1x1`: the first, as in the ResNet papers. `3x3`: the second, as in ResNeXt and in
   * most published weights, which costs more multiply-adds and has the same parameters.
   */
  readonly strideOn: StrideOn;
  /** The paths of a ResNeXt bottleneck. Default: one path, the ResNet bottleneck. */
  readonly paths?: Paths;
}

/**
 * The paths of a ResNeXt bottleneck (Xie et al. 2017, Figure 3 (c)): its 3x3 convolution has `cardinality` groups. `width` is the channels
 * of a path in a stage of width 64, 4 in "32x4d", and grows in proportion with the stage.
 */
export interface Paths {
  readonly cardinality: number;
  readonly width: number;
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
function bottleneck({ inChannels, width, stride, strideOn, paths }: UnitShape): readonly Convolution[] {
  const inner = paths ? paths.cardinality * Math.floor((width * paths.width) / 64) : width;
  if (inner < 1) {
    throw new RangeError(
      `a path must have at least one channel; got ${paths?.width ?? 0} / 64 of a stage of width ${width}`,
    );
  }
  const groups = paths?.cardinality ?? 1;
  return [
    { inChannels, outChannels: inner, kernel: 1, stride: strideOn === "1x1" ? stride : 1 },
    { inChannels: inner, outChannels: inner, kernel: 3, stride: strideOn === "3x3" ? stride : 1, groups },
    { inChannels: inner, outChannels: 4 * width, kernel: 1, stride: 1 },
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
  /** What the two terms are multiplied by before they are added. Default: nothing. */
  readonly gate?: GateFactory;
  /** The unit's place in its network, which some gates depend on. Default: the only one. */
  readonly place?: Omit<UnitPlace, "change">;
}

/** A unit and the parts that it was made of. */
export interface ResidualUnit extends Layer {
  readonly convolutions: readonly Convolution[];
  readonly change: ShapeChange;
  /** F. */
  readonly residual: Sequential;
  /** h; undefined in a plain unit. */
  readonly shortcut: ShortcutLayer | undefined;
  readonly gate: Gate | undefined;
  /** f. */
  readonly afterAddition: Sequential;
}

/**
 * y = f(h(x) + F(x)) (identity paper, equations 1 and 2): F the convolutions with their norms and ReLUs, h the shortcut, f what
 * follows the addition. Without a shortcut y = f(F(x)), the plain twin with the same names. A gate multiplies h(x), F(x) or both; what
 * is seen as `shortcut` and `residual` is then the product.
 *
 * Parameters: `conv1.weight`, `norm1.scale`, …, and `shortcut.conv.weight`, `gate.conv.weight`, … where shortcut and gate have any.
 * @throws RangeError if a plain unit is given a gate.
 *
 * @example
 * ```ts
 * nn.residualUnit([
 *   { inChannels: 4, outChannels: 8, stride: 2, kernel: 3 },
 *   { inChannels: 8, outChannels: 8, stride: 1, kernel: 3 },
 * ]).outputShape([8, 8, 4]); // [4, 4, 8]
 * ```
 */
export function residualUnit(
  convolutions: readonly Convolution[],
  options: ResidualUnitOptions = {},
): ResidualUnit {
  onlyKnown("residualUnit", options, ["shortcut", "order", "preActivation", "gate", "place"]);
  const preActivation = oneOf("preActivation", options.preActivation ?? "apply", ["apply", "omit"]);
  const { order = unitOrders.original, gate: makeGate, place = { index: 1, count: 1 } } = options;
  const makeShortcut: Shortcut = options.shortcut ?? shortcuts.A;
  const change = changeOf(convolutions);
  const { leading, branch: rest, afterAddition: following } = operationsOf(order, convolutions.length);

  const make = layerMaker(convolutions);
  const activation = sequential(preActivation === "apply" ? make(leading) : {});
  const branch = sequential(make(rest));
  const residual = sequential({ ...activation.parts, ...branch.parts });
  const afterAddition = sequential(make(following));
  const shortcut = makeShortcut(change);
  const gate = makeGate?.({ change, ...place });
  if (gate && !shortcut)
    throw new RangeError(`a plain unit adds nothing that a gate could weigh; got ${gate.kind}`);

  const parameters = [
    ...residual.parameters(),
    ...(shortcut ? prefixed("shortcut", shortcut.parameters()) : []),
    ...(gate ? prefixed("gate", gate.parameters()) : []),
    ...afterAddition.parameters(),
  ];
  return {
    kind: shortcut ? "residual unit" : "plain unit",
    convolutions,
    change,
    residual,
    shortcut,
    gate,
    afterAddition,
    forward: (x, mode) =>
      tf.tidy(() => {
        const factors = gate?.factors(x, within(mode, "gate")) ?? {};
        const carry = (from: tf.Tensor) =>
          shortcut && mark(weighed(shortcut.forward(from, within(mode, "shortcut")), factors.shortcut), "shortcut", mode); // prettier-ignore

        const early = shortcut?.reads === "activated" ? undefined : carry(x);
        const activated = activation.forward(x, mode);
        const carried = early ?? carry(activated);
        const learned = mark(weighed(branch.forward(activated, mode), factors.residual), "residual", mode);
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
    receptiveField: (before) => afterAddition.receptiveField(fieldOfSum(before)),
    rows(input, before = onePixel) {
      const output = residual.outputShape(input);
      const learned = { shape: output, field: residual.receptiveField(before) };
      const sum: LayerRow = {
        name: "sum",
        kind: "addition",
        outputShape: output,
        parameters: 0,
        multiplyAdds: 0,
        activations: (1 + (gate?.terms ?? 0)) * sizeOf(output), // the products of a gate are kept too
        receptiveField: fieldOfSum(before).size,
      };
      return [
        ...residual.rows(input, before),
        ...(shortcut ? prefixed("shortcut", shortcut.rows(input, readFrom(before))) : []),
        ...(gate ? prefixed("gate", gate.rows({ shape: input, field: before }, learned)) : []),
        ...(shortcut ? [sum] : []),
        ...afterAddition.rows(output, fieldOfSum(before)),
      ];
    },
  };

  function readFrom(before: ReceptiveField): ReceptiveField {
    return shortcut?.reads === "activated" ? activation.receptiveField(before) : before;
  }

  function fieldOfSum(before: ReceptiveField): ReceptiveField {
    const learned = residual.receptiveField(before);
    return widest(
      learned,
      ...(shortcut ? [shortcut.receptiveField(readFrom(before))] : []),
      ...(gate ? [gate.receptiveField(before, learned)] : []),
    );
  }
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
    const { inChannels, outChannels, ...options } = remaining.shift()!;
    channels = outChannels;
    return conv2d(inChannels, outChannels, options);
  };
  return (operations) => Object.fromEntries(operations.map((named) => [named.name, layerFor(named)]));
}
