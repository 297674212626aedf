// The CIFAR family of the ResNet paper (section 4.2): 6n+2 layers with basic units, 9n+2 with bottlenecks.
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
import { sequential } from "./sequential.js";
import { shortcuts, type Shortcut, type ShortcutName } from "./shortcut.js";
import { unitKinds, type Paths, type StrideOn, type UnitKind } from "./unit.js";

/** A network of the CIFAR family. */
export interface CifarResNetOptions {
  /** Layers with weights on the main path: 6n+2 with basic units, 9n+2 with bottlenecks; at most 2000. */
  readonly depth: number;
  /** Default: `basic`. */
  readonly kind?: UnitKind;
  /**
   * A, B or C of the paper, `A-around` for most published CIFAR weights, `activated` for pre-activation orders, `none` for the plain
   * twin, or a shortcut of your own. Default: `A`, the paper's choice on CIFAR-10.
   */
  readonly shortcut?: ShortcutName | Shortcut | Named<Shortcut>;
  /** A column of the identity paper's Figure 4, or an order of your own. Default: `original`. */
  readonly order?: UnitOrderName | UnitOrder | Named<UnitOrder>;
  /** Channels of the 3x3 convolutions of the three stages. Default: [16, 32, 64]. */
  readonly widths?: readonly [number, number, number];
  /** Factor on every width; the products must be whole. Default: 1. */
  readonly widthMultiplier?: number;
  /** The convolution of a bottleneck that has the stride. Default: `1x1`, as in the ResNet papers; with paths `3x3`, as in ResNeXt's. */
  readonly strideOn?: StrideOn;
  /** What the units multiply their two terms by before they add them. Default: nothing. */
  readonly gate?: GateSpec | GateFactory | Named<GateFactory>;
  /** ResNeXt: the paths of bottlenecks. Default: one. */
  readonly paths?: Paths;
  /** [H, W, C]. Default: [32, 32, 3]. */
  readonly inputShape?: readonly [number, number, number];
  /** Default: 10. */
  readonly classes?: number;
  /** Default: `fanIn`. */
  readonly initialisation?: Initialisation;
  /** Seed of the initial weights. Default: 0. */
  readonly seed?: number;
}

const optionNames: readonly (keyof CifarResNetOptions)[] = [
  "depth",
  "kind",
  "shortcut",
  "order",
  "widths",
  "widthMultiplier",
  "strideOn",
  "gate",
  "paths",
  "inputShape",
  "classes",
  "initialisation",
  "seed",
];

/** Layers of a unit on the main path, times the three stages. */
const layersOfAllStages: Readonly<Record<UnitKind, number>> = { basic: 6, bottleneck: 9 };

const deepest = 2000;

/**
 * A network of the CIFAR family, with initial values.
 *
 * A 3x3 convolution, three stages of n units at full, half and quarter resolution, global average pool, classifier.
 * @throws RangeError naming the rule that an option breaks.
 *
 * @example
 * ```ts
 * const network = nn.cifarResNet({ depth: 20, seed: 1 });
 * network.units.length; // 9
 * network.forward(tf.zeros([4, 32, 32, 3]), { training: false }).shape; // [4, 10]
 * ```
 */
export function cifarResNet(options: CifarResNetOptions): Network {
  return new Network(cifarArchitecture(options));
}

/**
 * The plain twin: the same layers and names without shortcuts.
 *
 * @example
 * ```ts
 * nn
 *   .plainNet({ depth: 8, widths: [2, 2, 2], inputShape: [8, 8, 1] })
 *   .forward(tf.zeros([4, 8, 8, 1]), { training: false }).shape; // [4, 10]
 * ```
 */
export function plainNet(options: Omit<CifarResNetOptions, "shortcut">): Network {
  const names = optionNames.filter((name) => name !== "shortcut");
  onlyKnown("plainNet", options, names);
  return cifarResNet({ ...options, shortcut: "none" });
}

/**
 * The same network without values: to count, to compare shapes, to draw.
 * @throws RangeError naming the rule that an option breaks.
 *
 * @example
 * ```ts
 * const architecture = nn.cifarArchitecture({ depth: 56 });
 * [architecture.units.length, nn.parameterCount(architecture)]; // [27, 853018]
 * ```
 */
export function cifarArchitecture(options: CifarResNetOptions): Architecture {
  onlyKnown("cifarResNet", options, optionNames);
  const kind = oneOf("kind", options.kind ?? "basic", Object.keys(unitKinds) as UnitKind[]);
  const n = unitsPerStage(options.depth, kind);
  const shortcut = resolvePart("shortcut", options.shortcut ?? "A", shortcuts);
  const order = resolvePart<UnitOrder>("order", options.order ?? "original", unitOrders);
  const baseWidths = integersWithin("widths", options.widths ?? [16, 32, 64], 3, 1, 4096);
  const widthMultiplier = options.widthMultiplier ?? 1;
  const widths = multiplied(baseWidths, widthMultiplier);
  const strideOn = resolveStrideOn(options);
  const gate = resolveGate(options.gate);
  const paths = checkedPaths(kind, options.paths);
  const inputShape = imageShape(options.inputShape ?? [32, 32, 3]);
  const classes = integerWithin("classes", options.classes ?? 10, 1, 100_000);
  const initialisation = oneOf("initialisation", options.initialisation ?? "fanIn", initialisations);
  const seed = seedOf(options.seed ?? 0);

  const stemChannels = widths[0]!;
  const stem = sequential({
    conv: conv2d(inputShape[2], stemChannels),
    norm: batchNorm(stemChannels),
    relu: relu(),
  });
  const { parts, units } = stack({
    stem,
    stemChannels,
    kind,
    counts: [n, n, n],
    widths,
    strideOn,
    shortcut: shortcut.part,
    order: order.part,
    gate: gate.part,
    paths,
    classes,
  });
  return {
    name: networkTitle(options.depth, shortcut.name, [
      kind === "basic" ? "" : "bottleneck",
      order.name === "original" ? "" : order.name,
      paths ? `${paths.cardinality}x${paths.width}d` : "",
      gate.title,
      widths.join() === "16,32,64" ? "" : `widths ${widths.join("/")}`,
    ]),
    spec: {
      model: "cifarResNet",
      options: {
        depth: options.depth,
        kind,
        shortcut: shortcut.name,
        order: order.name,
        widths: baseWidths,
        widthMultiplier,
        strideOn,
        ...gate.spec,
        ...(paths && { paths }),
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

function unitsPerStage(depth: unknown, kind: UnitKind): number {
  const step = layersOfAllStages[kind];
  const rule = kind === "basic" ? "6n+2 for a CIFAR ResNet" : "9n+2 for a CIFAR ResNet of bottlenecks";
  if (typeof depth !== "number" || !Number.isInteger(depth)) integerWithin("depth", depth, step + 2, deepest);
  const n = ((depth as number) - 2) / step;
  if (n < 1) throw new RangeError(`depth must be ${rule}; got ${depth as number} (nearest: ${step + 2})`);
  if ((depth as number) > deepest) integerWithin("depth", depth, step + 2, deepest);
  if (!Number.isInteger(n)) {
    const below = Math.floor(n) * step + 2;
    throw new RangeError(
      `depth must be ${rule}; got ${depth as number} (nearest: ${[below, below + step].filter((d) => d > 2).join(", ")})`,
    );
  }
  return n;
}

function multiplied(widths: readonly number[], multiplier: unknown): readonly number[] {
  if (typeof multiplier !== "number" || !(multiplier > 0 && multiplier <= 256)) {
    throw new RangeError(`widthMultiplier must be over 0 and at most 256; got ${String(multiplier)}`);
  }
  const products = widths.map((width) => width * multiplier);
  if (!products.every((width) => Number.isInteger(width) && width <= 16_384)) {
    throw new RangeError(
      `widths times widthMultiplier must be whole numbers up to 16384; got ${widths.join("/")} times ${multiplier} = ${products.join("/")}`,
    );
  }
  return products;
}
