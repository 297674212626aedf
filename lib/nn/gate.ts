// Gates: what a residual unit multiplies its two terms by before it adds them.
import * as tf from "@tensorflow/tfjs-core";
import { sigmoid } from "./activation.js";
import { conv2d } from "./conv2d.js";
import type { Layer, LayerRow, Mode, NamedParameter, ReceptiveField, Shape } from "./layer.js";
import { finite, onlyKnown } from "./options.js";
import { sequential } from "./sequential.js";
import type { ShapeChange } from "./shortcut.js";

/** A factor: a number, a tensor that broadcasts over the term [N, H, W, C], or what computes one from the term. */
export type Factor = number | tf.Tensor | ((term: tf.Tensor) => tf.Tensor);

/** The factors of one forward pass; a term without one is left as it is. */
export interface Factors {
  /** Of h(x); "on shortcut" in the identity paper's Table 1. */
  readonly shortcut?: Factor;
  /** Of F(x); "on F" there. */
  readonly residual?: Factor;
}

/** A unit's place among the units of its network. */
export interface UnitPlace {
  readonly change: ShapeChange;
  /** From 1. */
  readonly index: number;
  readonly count: number;
}

/** The gate of one unit. */
export interface Gate {
  /** What it is, such as `exclusive gate`. */
  readonly kind: string;
  /** Terms that it multiplies. */
  readonly terms: 0 | 1 | 2;
  /** Its parameters; names relative to the gate. */
  parameters(): readonly NamedParameter[];
  /** The rows of its layers, where the unit's input and its F(x) have these shapes and receptive fields. */
  rows(input: FeatureMap, residual: FeatureMap): readonly LayerRow[];
  /** What its factors depend on. */
  receptiveField(input: ReceptiveField, residual: ReceptiveField): ReceptiveField;
  /** The factors for the unit's input x [N, H, W, C]; called once in each forward pass. */
  factors(x: tf.Tensor, mode: Mode): Factors;
}

/** The shape of a feature map, and what its values depend on. */
export interface FeatureMap {
  readonly shape: Shape;
  readonly field: ReceptiveField;
}

/** Makes the gate of one unit. */
export type GateFactory = (place: UnitPlace) => Gate;

/** A term times its factor. */
export function weighed(term: tf.Tensor, factor: Factor | undefined): tf.Tensor {
  if (factor === undefined || factor === 1) return term;
  return tf.mul(term, typeof factor === "function" ? factor(term) : factor);
}

/**
 * A gate without layers.
 *
 * @example
 * ```ts
 * nn.fixedGate("halved residual", 1, () => ({ residual: 0.5 })).terms; // 1
 * ```
 */
export function fixedGate(kind: string, terms: Gate["terms"], factors: (mode: Mode) => Factors): Gate {
  return {
    kind,
    terms,
    parameters: () => [],
    rows: () => [],
    receptiveField: (input) => input,
    factors: (_, mode) => factors(mode),
  };
}

/**
 * Constant scaling (identity paper, section 3.1): y = f(shortcut * h(x) + residual * F(x)).
 *
 * @example
 * ```ts
 * nn.constantGate(0.5, 0.5).terms; // 2
 * nn.cifarResNet({ depth: 8, widths: [2, 2, 2], gate: () => nn.constantGate(0.5, 0.5) }).units.length; // 3
 * ```
 */
export function constantGate(shortcut: number, residual: number): Gate {
  const terms = (Number(shortcut !== 1) + Number(residual !== 1)) as Gate["terms"];
  return fixedGate("constant scaling", terms, () => ({ shortcut, residual }));
}

/** What a gate that looks at the unit's input is made of. */
export interface LearnedGateOptions {
  /** What b_g starts at. Far below 0, 1 - g(x) is close to 1 and the shortcut close to the identity. */
  readonly bias: number;
  /** Side of the convolution. Default: 1, as in the identity paper; Highway networks use the unit's own, 3. */
  readonly kernel?: number;
}

/** g(x) = sigmoid(W_g x + b_g), a convolution with the unit's stride. */
function transform({ inChannels, outChannels, stride }: ShapeChange, options: LearnedGateOptions): Layer {
  finite("bias", options.bias);
  const { bias, kernel = 1 } = options;
  // A sigmoid follows and no ReLU, so the variance is 1 / fan.
  const conv = conv2d(inChannels, outChannels, { kernel, stride, bias, gain: 1 });
  return sequential({ conv, sigmoid: sigmoid() });
}

/**
 * Exclusive gating (identity paper, section 3.1, Figure 2 (c)): y = f((1 - g(x)) h(x) + g(x) F(x)). With one convolution and a
 * ReLU as F it is the unit of a Highway network (Srivastava et al. 2015, equation 3), where g is called the transform gate T.
 *
 * Parameters: `conv.weight`, `conv.bias`.
 *
 * @example
 * ```ts
 * nn.exclusiveGate({ inChannels: 16, outChannels: 16, stride: 1 }, { bias: -6 })
 *   .parameters()
 *   .map(({ name }) => name); // ["conv.weight", "conv.bias"]
 * ```
 */
export function exclusiveGate(change: ShapeChange, options: LearnedGateOptions): Gate {
  onlyKnown("exclusiveGate", options, ["bias", "kernel"], ["bias"]);
  return learnedGate("exclusive gate", 2, transform(change, options), (g) => ({
    shortcut: tf.sub(1, g),
    residual: g,
  }));
}

/**
 * Shortcut-only gating (identity paper, section 3.1, Figure 2 (d)): y = f((1 - g(x)) h(x) + F(x)). Parameters as `exclusiveGate`.
 *
 * @example
 * ```ts
 * nn.shortcutOnlyGate({ inChannels: 16, outChannels: 16, stride: 1 }, { bias: -6 })
 *   .parameters()
 *   .map(({ name }) => name); // ["conv.weight", "conv.bias"]
 * ```
 */
export function shortcutOnlyGate(change: ShapeChange, options: LearnedGateOptions): Gate {
  onlyKnown("shortcutOnlyGate", options, ["bias", "kernel"], ["bias"]);
  return learnedGate("shortcut-only gate", 1, transform(change, options), (g) => ({
    shortcut: tf.sub(1, g),
  }));
}

function learnedGate(
  kind: string,
  terms: Gate["terms"],
  g: Layer,
  factorsOf: (g: tf.Tensor) => Factors,
): Gate {
  return {
    kind,
    terms,
    parameters: () => g.parameters(),
    rows: ({ shape, field }) => g.rows(shape, field),
    receptiveField: (input) => g.receptiveField(input),
    factors: (x, mode) => factorsOf(g.forward(x, mode)),
  };
}
