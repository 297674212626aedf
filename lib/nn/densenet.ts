// DenseNets: the CIFAR family with its variants B and C, and the ImageNet networks.
import { relu } from "./activation.js";
import type { Architecture } from "./architecture.js";
import { batchNorm } from "./batch-norm.js";
import { conv2d } from "./conv2d.js";
import { dense } from "./dense.js";
import { composites, denseUnit, transition, type CompositeName } from "./dense-unit.js";
import type { Layer } from "./layer.js";
import { Network } from "./network.js";
import { imageShape, integerWithin, numberWithin, oneOf, onlyKnown, seedOf } from "./options.js";
import { initialisations, type Initialisation } from "./initialise.js";
import { globalAveragePool, maxPool } from "./pool.js";
import { sequential, type Parts, type Sequential } from "./sequential.js";

/** A DenseNet of the CIFAR family. */
export interface CifarDenseNetOptions {
  /** Layers with weights: 3n+4 with basic units, 6n+4 with bottlenecks; at most 500. */
  readonly depth: number;
  /** Channels that each unit adds; k in the paper. Default: 12. */
  readonly growth?: number;
  /** `bottleneck` is the paper's B. Default: `basic`. */
  readonly kind?: CompositeName;
  /** Share of the channels that a transition keeps; theta in the paper, whose C has 0.5. Default: 1. */
  readonly compression?: number;
  /** Channels of the first convolution. Default: 16; with bottlenecks twice the growth, as in the paper. */
  readonly stemChannels?: number;
  /** [H, W, C]. Default: [32, 32, 3]. */
  readonly inputShape?: readonly [number, number, number];
  /** Default: 10. */
  readonly classes?: number;
  /** Default: `fanIn`. */
  readonly initialisation?: Initialisation;
  /** Seed of the initial weights. Default: 0. */
  readonly seed?: number;
}

/** A DenseNet-BC for ImageNet. */
export interface ImageNetDenseNetOptions {
  readonly depth: ImageNetDenseNetDepth;
  /** Channels that each unit adds. Default: the paper's, 32, and 48 with 161 layers. */
  readonly growth?: number;
  /** [H, W, C]. Default: [224, 224, 3]. */
  readonly inputShape?: readonly [number, number, number];
  /** Default: 1000. */
  readonly classes?: number;
  /** Default: `fanIn`. */
  readonly initialisation?: Initialisation;
  /** Seed of the initial weights. Default: 0. */
  readonly seed?: number;
}

/** Table 1 of Huang et al. 2017: units of each block, and the growth rate. 161 layers are in the authors' code. */
export const imageNetDenseNetDepths = {
  121: { counts: [6, 12, 24, 16], growth: 32 },
  161: { counts: [6, 12, 36, 24], growth: 48 },
  169: { counts: [6, 12, 32, 32], growth: 32 },
  201: { counts: [6, 12, 48, 32], growth: 32 },
} as const satisfies Record<number, { counts: readonly number[]; growth: number }>;

/** A column of Table 1. */
export type ImageNetDenseNetDepth = keyof typeof imageNetDenseNetDepths;

const cifarOptions: readonly (keyof CifarDenseNetOptions)[] = [
  "depth",
  "growth",
  "kind",
  "compression",
  "stemChannels",
  "inputShape",
  "classes",
  "initialisation",
  "seed",
];

const imageNetOptions: readonly (keyof ImageNetDenseNetOptions)[] = [
  "depth",
  "growth",
  "inputShape",
  "classes",
  "initialisation",
  "seed",
];

/**
 * A DenseNet of the CIFAR family (Huang et al. 2017), with initial values: a 3x3 convolution, three blocks of units that each see every
 * channel made before them in their block, transitions that halve the image between blocks, global average pool, classifier.
 * @throws RangeError naming the rule that an option breaks.
 *
 * @example
 * ```ts
 * nn.cifarDenseNet({ depth: 7, growth: 2 }).forward(tf.zeros([4, 32, 32, 3]), { training: false }).shape; // [4, 10]
 * ```
 */
export function cifarDenseNet(options: CifarDenseNetOptions): Network {
  return new Network(cifarDenseNetArchitecture(options));
}

/**
 * The same network without values: to count, to compare shapes, to draw.
 * @throws RangeError naming the rule that an option breaks.
 *
 * @example
 * ```ts
 * nn.parameterCount(nn.cifarDenseNetArchitecture({ depth: 40, growth: 12 })); // 1019722
 * ```
 */
export function cifarDenseNetArchitecture(options: CifarDenseNetOptions): Architecture {
  onlyKnown("cifarDenseNet", options, cifarOptions);
  const kind = oneOf("kind", options.kind ?? "basic", Object.keys(composites) as CompositeName[]);
  const n = unitsPerBlock(options.depth, kind);
  const growth = integerWithin("growth", options.growth ?? 12, 1, 1024);
  const compression = numberWithin("compression", options.compression ?? 1, 0.01, 1);
  const stemDefault = kind === "bottleneck" ? 2 * growth : 16;
  const stemChannels = integerWithin("stemChannels", options.stemChannels ?? stemDefault, 1, 4096);
  const common = commonOptions(options, [32, 32, 3], 10);
  const stem = sequential({ conv: conv2d(common.inputShape[2], stemChannels) });
  const remarks = [
    `k=${growth}`,
    stemChannels === stemDefault ? "" : `stem ${stemChannels}`,
    compression === 1 || compression === 0.5 ? "" : `compression ${compression}`,
  ].filter((remark) => remark !== "");
  const variant = `${kind === "bottleneck" ? "B" : ""}${compression < 1 ? "C" : ""}`;
  return {
    name: `densenet${variant === "" ? "" : `-${variant}`}-${options.depth} (${remarks.join(", ")})`,
    spec: {
      model: "cifarDenseNet",
      options: { depth: options.depth, growth, kind, compression, stemChannels, ...common },
    },
    ...common,
    units: [],
    parts: blocks({
      stem,
      stemChannels,
      counts: [n, n, n],
      kind,
      growth,
      compression,
      classes: common.classes,
    }),
  };
}

/**
 * A DenseNet-BC for ImageNet, with initial values: 7x7/2 convolution, 3x3/2 max pool, four blocks.
 * @throws RangeError naming the rule that an option breaks.
 *
 * @example
 * ```ts
 * const network = nn.imageNetDenseNet({ depth: 121, growth: 1, inputShape: [32, 32, 3], classes: 10 });
 * network.forward(tf.zeros([1, 32, 32, 3]), { training: false }).shape; // [1, 10]
 * ```
 */
export function imageNetDenseNet(options: ImageNetDenseNetOptions): Network {
  return new Network(imageNetDenseNetArchitecture(options));
}

/**
 * The same network without values: to count, to compare shapes, to draw.
 * @throws RangeError naming the rule that an option breaks.
 *
 * @example
 * ```ts
 * nn.parameterCount(nn.imageNetDenseNetArchitecture({ depth: 121 })); // 7978856
 * ```
 */
export function imageNetDenseNetArchitecture(options: ImageNetDenseNetOptions): Architecture {
  onlyKnown("imageNetDenseNet", options, imageNetOptions);
  const depths = Object.keys(imageNetDenseNetDepths).map(Number) as ImageNetDenseNetDepth[];
  const depth = oneOf("depth", options.depth, depths);
  const published = imageNetDenseNetDepths[depth];
  const growth = integerWithin("growth", options.growth ?? published.growth, 1, 1024);
  const common = commonOptions(options, [224, 224, 3], 1000);
  const stemChannels = 2 * growth;
  const stem = sequential({
    conv: conv2d(common.inputShape[2], stemChannels, { kernel: 7, stride: 2 }),
    norm: batchNorm(stemChannels),
    relu: relu(),
    pool: maxPool(),
  });
  return {
    name: `densenet-${depth} (k=${growth})`,
    spec: { model: "imageNetDenseNet", options: { depth, growth, ...common } },
    ...common,
    units: [],
    parts: blocks({
      stem,
      stemChannels,
      counts: published.counts,
      kind: "bottleneck",
      growth,
      compression: 0.5,
      classes: common.classes,
    }),
  };
}

/** What lies between the stem and the classifier. */
interface Blocks {
  readonly stem: Sequential;
  readonly stemChannels: number;
  readonly counts: readonly number[];
  readonly kind: CompositeName;
  readonly growth: number;
  readonly compression: number;
  readonly classes: number;
}

function blocks({ stem, stemChannels, counts, kind, growth, compression, classes }: Blocks): Parts {
  const parts: Record<string, Layer> = { stem };
  let channels = stemChannels;
  counts.forEach((count, block) => {
    for (let k = 0; k < count; k++) {
      parts[`block${block + 1}.unit${k + 1}`] = denseUnit(channels, growth, composites[kind]);
      channels += growth;
    }
    if (block === counts.length - 1) return;
    const kept = Math.max(1, Math.floor(channels * compression));
    parts[`transition${block + 1}`] = transition(channels, kept);
    channels = kept;
  });
  parts["final"] = sequential({ norm: batchNorm(channels), relu: relu() });
  parts["pool"] = globalAveragePool();
  parts["head"] = dense(channels, classes);
  return parts;
}

function commonOptions(
  options: CifarDenseNetOptions | ImageNetDenseNetOptions,
  shape: readonly [number, number, number],
  classes: number,
): Pick<Architecture, "inputShape" | "classes" | "initialisation" | "seed"> {
  return {
    inputShape: imageShape(options.inputShape ?? shape),
    classes: integerWithin("classes", options.classes ?? classes, 1, 100_000),
    initialisation: oneOf("initialisation", options.initialisation ?? "fanIn", initialisations),
    seed: seedOf(options.seed ?? 0),
  };
}

function unitsPerBlock(depth: unknown, kind: CompositeName): number {
  const step = kind === "basic" ? 3 : 6;
  const value = integerWithin("depth", depth, step + 4, 500);
  const n = (value - 4) / step;
  if (Number.isInteger(n)) return n;
  const below = Math.floor(n) * step + 4;
  throw new RangeError(
    `depth must be ${step}n+4 for a CIFAR DenseNet${kind === "basic" ? "" : " of bottlenecks"}; got ${value} (nearest: ${below}, ${below + step})`,
  );
}
