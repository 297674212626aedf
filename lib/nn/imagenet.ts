// The ImageNet networks of the ResNet paper's Table 1: 18, 34, 50, 101 and 152 layers.
import { relu } from "./activation.js";
import { stack, type Architecture } from "./architecture.js";
import { batchNorm } from "./batch-norm.js";
import { conv2d } from "./conv2d.js";
import type { GateFactory } from "./gate.js";
import { resolveGate, type GateSpec } from "./gate-spec.js";
import { Network } from "./network.js";
import { imageShape, integersWithin, integerWithin, oneOf, onlyKnown, seedOf } from "./options.js";
import { unitOrders, type UnitOrder, type UnitOrderName } from "./order.js";
import { initialisations, type Initialisation } from "./initialise.js";
import { resolvePart, checkedPaths, resolveStrideOn, networkTitle, type Named } from "./parts.js";
import { maxPool } from "./pool.js";
import { sequential } from "./sequential.js";
import { shortcuts, type Shortcut, type ShortcutName } from "./shortcut.js";
import type { Paths, StrideOn, UnitKind } from "./unit.js";

/** Table 1: the unit, and how many of it in conv2_x, conv3_x, conv4_x and conv5_x. */
export const imageNetDepths = {
  18: { kind: "basic", counts: [2, 2, 2, 2] },
  34: { kind: "basic", counts: [3, 4, 6, 3] },
  50: { kind: "bottleneck", counts: [3, 4, 6, 3] },
  101: { kind: "bottleneck", counts: [3, 4, 23, 3] },
  152: { kind: "bottleneck", counts: [3, 8, 36, 3] },
} as const satisfies Record<number, { kind: UnitKind; counts: readonly number[] }>;

/** A column of Table 1. */
export type ImageNetDepth = keyof typeof imageNetDepths;

/** A network of Table 1. */
export interface ImageNetResNetOptions {
  readonly depth: ImageNetDepth;
  /** A, B or C of the paper, `activated` for pre-activation orders, `none` for the plain twin, or a shortcut of your own. Default: `B`. */
  readonly shortcut?: ShortcutName | Shortcut | Named<Shortcut>;
  /** A column of the identity paper's Figure 4, or an order of your own. Default: `original`. */
  readonly order?: UnitOrderName | UnitOrder | Named<UnitOrder>;
  /**
   * The convolution of a bottleneck that has the stride: `1x1` as in the ResNet papers, `3x3` as in most published weights. Default:
   * `1x1`; with paths `3x3`, as in the ResNeXt paper's Table 1.
   */
  readonly strideOn?: StrideOn;
  /** What the units multiply their two terms by before they add them. Default: nothing. */
  readonly gate?: GateSpec | GateFactory | Named<GateFactory>;
  /** ResNeXt: the paths of bottlenecks. Default: one. */
  readonly paths?: Paths;
  /** Channels of the 3x3 convolutions of the four stages; the stem has the first. Default: [64, 128, 256, 512]. */
  readonly widths?: readonly [number, number, number, number];
  /** [H, W, C]. Default: [224, 224, 3]. */
  readonly inputShape?: readonly [number, number, number];
  /** Default: 1000. */
  readonly classes?: number;
  /** Default: `fanIn`. */
  readonly initialisation?: Initialisation;
  /** Seed of the initial weights. Default: 0. */
  readonly seed?: number;
}

const optionNames: readonly (keyof ImageNetResNetOptions)[] = [
  "depth",
  "shortcut",
  "order",
  "strideOn",
  "gate",
  "paths",
  "widths",
  "inputShape",
  "classes",
  "initialisation",
  "seed",
];

/**
 * A network of Table 1, with initial values: 7x7/2 convolution, 3x3/2 max pool, four stages, global average pool, classifier.
 * @throws RangeError naming the rule that an option breaks.
 *
 * @example
 * ```ts
 * nn
 *   .imageNetResNet({ depth: 18, widths: [2, 2, 2, 2], inputShape: [32, 32, 3] })
 *   .forward(tf.zeros([1, 32, 32, 3]), { training: false }).shape; // [1, 1000]
 * ```
 */
export function imageNetResNet(options: ImageNetResNetOptions): Network {
  return new Network(imageNetArchitecture(options));
}

/**
 * The same network without values: to count, to compare shapes, to draw.
 * @throws RangeError naming the rule that an option breaks.
 *
 * @example
 * ```ts
 * nn.parameterCount(nn.imageNetArchitecture({ depth: 50 })); // 25557032
 * ```
 */
export function imageNetArchitecture(options: ImageNetResNetOptions): Architecture {
  onlyKnown("imageNetResNet", options, optionNames);
  const depths = Object.keys(imageNetDepths).map(Number) as ImageNetDepth[];
  const depth = oneOf("depth", options.depth, depths);
  const { kind, counts } = imageNetDepths[depth];
  const shortcut = resolvePart("shortcut", options.shortcut ?? "B", shortcuts);
  const order = resolvePart<UnitOrder>("order", options.order ?? "original", unitOrders);
  const strideOn = resolveStrideOn(options);
  const widths = integersWithin("widths", options.widths ?? [64, 128, 256, 512], 4, 1, 4096);
  const gate = resolveGate(options.gate);
  const paths = checkedPaths(kind, options.paths);
  const inputShape = imageShape(options.inputShape ?? [224, 224, 3]);
  const classes = integerWithin("classes", options.classes ?? 1000, 1, 100_000);
  const initialisation = oneOf("initialisation", options.initialisation ?? "fanIn", initialisations);
  const seed = seedOf(options.seed ?? 0);

  const stemChannels = widths[0]!;
  const stem = sequential({
    conv: conv2d(inputShape[2], stemChannels, { kernel: 7, stride: 2 }),
    norm: batchNorm(stemChannels),
    relu: relu(),
    pool: maxPool(),
  });
  const { parts, units } = stack({
    stem,
    stemChannels,
    kind,
    counts,
    widths,
    strideOn,
    shortcut: shortcut.part,
    order: order.part,
    gate: gate.part,
    paths,
    classes,
  });
  return {
    name: networkTitle(depth, shortcut.name, [
      order.name === "original" ? "" : order.name,
      paths ? `${paths.cardinality}x${paths.width}d` : "",
      gate.title,
      kind === "bottleneck" && strideOn === "3x3" ? "stride on 3x3" : "",
      widths.join() === "64,128,256,512" ? "" : `widths ${widths.join("/")}`,
    ]),
    spec: {
      model: "imageNetResNet",
      options: {
        depth,
        shortcut: shortcut.name,
        order: order.name,
        strideOn,
        ...gate.spec,
        ...(paths && { paths }),
        widths,
        inputShape,
        classes,
        initialisation,
        seed,
      },
    },
    inputShape,
    classes,
    parts,
    units,
    seed,
    initialisation,
  };
}
