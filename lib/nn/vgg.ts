// The VGG networks (Simonyan and Zisserman 2015): what ImageNet was won with before shortcuts.
import { relu } from "./activation.js";
import type { Architecture } from "./architecture.js";
import { batchNorm } from "./batch-norm.js";
import { conv2d } from "./conv2d.js";
import { dense, flatten } from "./dense.js";
import { dropout } from "./dropout.js";
import { sizeOf, type Layer } from "./layer.js";
import { Network } from "./network.js";
import {
  imageShape,
  integersWithin,
  integerWithin,
  numberWithin,
  oneOf,
  onlyKnown,
  seedOf,
} from "./options.js";
import { initialisations, type Initialisation } from "./initialise.js";
import { maxPool } from "./pool.js";
import { sequential } from "./sequential.js";

/** Table 1 of the paper, columns A, B, D and E: 3x3 convolutions of each stage. Three dense layers follow. */
export const vggDepths = {
  11: [1, 1, 2, 2, 2],
  13: [2, 2, 2, 2, 2],
  16: [2, 2, 3, 3, 3],
  19: [2, 2, 4, 4, 4],
} as const satisfies Record<number, readonly number[]>;

/** A column of Table 1, by its layers with weights. */
export type VggDepth = keyof typeof vggDepths;

/** What may follow each convolution. */
const norms = {
  none: () => undefined,
  batch: batchNorm,
} as const;

/** A VGG network. */
export interface VggOptions {
  readonly depth: VggDepth;
  /** `none` as in the paper, `batch` as in the later weights called "BN". Default: `none`. */
  readonly norm?: keyof typeof norms;
  /** Channels of the five stages. Default: [64, 128, 256, 512, 512]. */
  readonly widths?: readonly [number, number, number, number, number];
  /** Features of the two hidden dense layers. Default: 4096. */
  readonly features?: number;
  /** Probability with which a hidden feature is left out in training. Default: 0.5, as in the paper. */
  readonly dropout?: number;
  /** [H, W, C]; each side is halved five times. Default: [224, 224, 3]. */
  readonly inputShape?: readonly [number, number, number];
  /** Default: 1000. */
  readonly classes?: number;
  /** Default: `fanIn`. */
  readonly initialisation?: Initialisation;
  /** Seed of the initial weights. Default: 0. */
  readonly seed?: number;
}

const optionNames: readonly (keyof VggOptions)[] = [
  "depth",
  "norm",
  "widths",
  "features",
  "dropout",
  "inputShape",
  "classes",
  "initialisation",
  "seed",
];

/**
 * A VGG network with initial values: five stages of 3x3 convolutions with a bias, each ended by a 2x2/2 max pool, and three dense
 * layers with dropout between them.
 * @throws RangeError naming the rule that an option breaks.
 *
 * @example
 * ```ts
 * nn
 *   .vgg({ depth: 11, widths: [1, 1, 1, 1, 1], features: 1, inputShape: [32, 32, 1] })
 *   .forward(tf.zeros([1, 32, 32, 1]), { training: false }).shape; // [1, 1000]
 * ```
 */
export function vgg(options: VggOptions): Network {
  return new Network(vggArchitecture(options));
}

/**
 * The same network without values: to count, to compare shapes, to draw. VGG-16 has 138 million parameters.
 * @throws RangeError naming the rule that an option breaks.
 *
 * @example
 * ```ts
 * nn.parameterCount(nn.vggArchitecture({ depth: 16 })); // 138357544
 * ```
 */
export function vggArchitecture(options: VggOptions): Architecture {
  onlyKnown("vgg", options, optionNames);
  const depth = oneOf("depth", options.depth, Object.keys(vggDepths).map(Number) as VggDepth[]);
  const norm = oneOf("norm", options.norm ?? "none", Object.keys(norms) as (keyof typeof norms)[]);
  const widths = integersWithin("widths", options.widths ?? [64, 128, 256, 512, 512], 5, 1, 4096);
  const features = integerWithin("features", options.features ?? 4096, 1, 16_384);
  const rate = numberWithin("dropout", options.dropout ?? 0.5, 0, 0.99);
  const inputShape = imageShape(options.inputShape ?? [224, 224, 3]);
  const classes = integerWithin("classes", options.classes ?? 1000, 1, 100_000);
  const initialisation = oneOf("initialisation", options.initialisation ?? "fanIn", initialisations);
  const seed = seedOf(options.seed ?? 0);

  const stages: Record<string, Layer> = {};
  let channels = inputShape[2];
  vggDepths[depth].forEach((count, stage) => {
    const layers: Record<string, Layer> = {};
    for (let k = 1; k <= count; k++) {
      layers[`conv${k}`] = conv2d(channels, widths[stage]!, { bias: 0 });
      channels = widths[stage]!;
      const normed = norms[norm](channels);
      if (normed) layers[`norm${k}`] = normed;
      layers[`relu${k}`] = relu();
    }
    layers["pool"] = maxPool({ kernel: 2, stride: 2, padding: 0 });
    stages[`stage${stage + 1}`] = sequential(layers);
  });
  const flat = sizeOf(sequential(stages).outputShape(inputShape));
  return {
    name: `vgg-${depth}${norm === "batch" ? " (batch norm)" : ""}`,
    spec: {
      model: "vgg",
      options: { depth, norm, widths, features, dropout: rate, inputShape, classes, initialisation, seed },
    },
    inputShape,
    classes,
    parts: {
      ...stages,
      hidden: sequential({
        flatten: flatten(),
        dense1: dense(flat, features, { gain: 2 }),
        relu1: relu(),
        dropout1: dropout(rate),
        dense2: dense(features, features, { gain: 2 }),
        relu2: relu(),
        dropout2: dropout(rate),
      }),
      head: dense(features, classes),
    },
    units: [],
    seed,
    initialisation,
  };
}
