// Highway networks for CIFAR (Srivastava et al. 2015): what trained deep networks before ResNet, as units with exclusive gates.
import { relu } from "./activation.js";
import type { Architecture, NamedUnit } from "./architecture.js";
import { conv2d } from "./conv2d.js";
import { dense } from "./dense.js";
import { exclusiveGate } from "./gate.js";
import type { Layer } from "./layer.js";
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
import type { UnitOrder } from "./order.js";
import { initialisations, type Initialisation } from "./initialise.js";
import { globalAveragePool, maxPool } from "./pool.js";
import { sequential } from "./sequential.js";
import { residualUnit } from "./unit.js";

/** A Highway network of three stages. */
export interface HighwayOptions {
  /** Units of each stage. Default: [4, 5, 5], which makes 19 layers. */
  readonly counts?: readonly [number, number, number];
  /** Channels of the three stages. Default: [32, 80, 128]. */
  readonly widths?: readonly [number, number, number];
  /** Channels of the 1x1 convolution before the pool. Default: 100. */
  readonly features?: number;
  /** What the bias of the transform gates starts at; -2 lets sigmoid(-2) = 0.12 of H(x) through. Default: -2. */
  readonly bias?: number;
  /** [H, W, C]. Default: [32, 32, 3]. */
  readonly inputShape?: readonly [number, number, number];
  /** Default: 10. */
  readonly classes?: number;
  /** Default: `fanIn`. */
  readonly initialisation?: Initialisation;
  /** Seed of the initial weights. Default: 0. */
  readonly seed?: number;
}

const optionNames: readonly (keyof HighwayOptions)[] = [
  "counts",
  "widths",
  "features",
  "bias",
  "inputShape",
  "classes",
  "initialisation",
  "seed",
];

/** H of the paper: a convolution and a ReLU, and nothing after the addition. */
const order: UnitOrder = { each: ["conv"], last: ["conv", "relu"], afterAddition: [] };

/** y = T(x) H(x) + (1 - T(x)) x (equation 3): a residual unit of one convolution with an exclusive gate. */
function highwayUnit(channels: number, bias: number) {
  const convolution = { inChannels: channels, outChannels: channels, kernel: 3, stride: 1, bias: 0 };
  return residualUnit([convolution], {
    order,
    gate: ({ change }) => exclusiveGate(change, { bias, kernel: 3 }),
  });
}

/**
 * A Highway network with initial values. Each stage is a 3x3 convolution, then units whose transform and gate are 3x3 convolutions;
 * 2x2/2 max pools lie between; a 1x1 convolution, the global average pool and the classifier end it. All have biases and none a batch
 * norm. The defaults are the 19-layer network of the authors' code (cifar10-19layers), 2.3 million parameters in the ResNet paper's
 * Table 6; its dropout is left out.
 * @throws RangeError naming the rule that an option breaks.
 *
 * @example
 * ```ts
 * nn.highway({ widths: [2, 2, 2] }).forward(tf.zeros([4, 32, 32, 3]), { training: false }).shape; // [4, 10]
 * ```
 */
export function highway(options: HighwayOptions = {}): Network {
  return new Network(highwayArchitecture(options));
}

/**
 * The same network without values: to count, to compare shapes, to draw.
 * @throws RangeError naming the rule that an option breaks.
 *
 * @example
 * ```ts
 * nn.parameterCount(nn.highwayArchitecture()); // 2256838
 * ```
 */
export function highwayArchitecture(options: HighwayOptions = {}): Architecture {
  onlyKnown("highway", options, optionNames);
  const counts = integersWithin("counts", options.counts ?? [4, 5, 5], 3, 1, 300);
  const widths = integersWithin("widths", options.widths ?? [32, 80, 128], 3, 1, 4096);
  const features = integerWithin("features", options.features ?? 100, 1, 4096);
  const bias = numberWithin("bias", options.bias ?? -2, -100, 100);
  const inputShape = imageShape(options.inputShape ?? [32, 32, 3]);
  const classes = integerWithin("classes", options.classes ?? 10, 1, 100_000);
  const initialisation = oneOf("initialisation", options.initialisation ?? "fanIn", initialisations);
  const seed = seedOf(options.seed ?? 0);

  const parts: Record<string, Layer> = {};
  const units: NamedUnit[] = [];
  let channels = inputShape[2];
  counts.forEach((count, stage) => {
    const width = widths[stage]!;
    parts[`stage${stage + 1}.enter`] = sequential({
      conv: conv2d(channels, width, { bias: 0 }),
      relu: relu(),
    });
    for (let k = 1; k <= count; k++) {
      const name = `stage${stage + 1}.unit${k}`;
      const unit = highwayUnit(width, bias);
      units.push({ name, unit });
      parts[name] = unit;
    }
    if (stage < counts.length - 1) {
      parts[`stage${stage + 1}.pool`] = maxPool({ kernel: 2, stride: 2, padding: 0 });
    }
    channels = width;
  });
  const layers = counts.reduce((sum, count) => sum + count + 1, 0) + 2;
  return {
    name: `highway-${layers}`,
    spec: {
      model: "highway",
      options: { counts, widths, features, bias, inputShape, classes, initialisation, seed },
    },
    inputShape,
    classes,
    parts: {
      ...parts,
      final: sequential({ conv: conv2d(channels, features, { kernel: 1, bias: 0 }), relu: relu() }),
      pool: globalAveragePool(),
      head: dense(features, classes),
    },
    units,
    seed,
    initialisation,
  };
}
