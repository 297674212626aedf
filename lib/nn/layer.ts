// What a layer is: a forward pass, the shape it gives, its parameters with dotted names, and what it costs.
import type * as tf from "@tensorflow/tfjs-core";
import type { RandomDraws } from "../runtime/index.js";
import type { Parameter, Shape } from "./parameter.js";
import { highest } from "../numeric.js";

export type { TrainableVariable as NamedVariable } from "../model/trainable.js";
export type { Shape, VariableRole } from "./parameter.js";

/** How a forward pass runs. */
export interface Mode {
  /** True: batch statistics and their running averages are used and updated. False: running averages are read. */
  readonly training: boolean;
  /**
   * Where layers that are random in training draw from; `fit` gives one that is fresh and seeded in each step. Draw nothing from
   * anywhere else: a number drawn in JavaScript would stay the same whenever a compiled step is replayed.
   */
  readonly random?: RandomDraws;
  /**
   * Called with the dotted name and the output of every layer, and in a residual unit with its `shortcut`, its `residual`
   * F(x) and their `sum`. The tensor is freed after the unit's forward pass: reduce it, or `tf.keep` it and dispose it later.
   */
  readonly observe?: (name: string, value: tf.Tensor) => void;
  /**
   * Called before `observe` with the same values; the forward pass goes on with the tensor that it returns, which must have
   * the same shape. Return `value` to leave it, `tf.zerosLike(value)` to cut a branch, or `tf.add(value, probe)` to measure the
   * gradient there: it is the gradient with respect to `probe`.
   */
  readonly replace?: (name: string, value: tf.Tensor) => tf.Tensor;
}

/** A parameter with its dotted name, relative to the layer that was asked. */
export interface NamedParameter {
  readonly name: string;
  readonly parameter: Parameter;
}

/**
 * What one value of a layer's output depends on, along one side of the image: `size` pixels, and the windows of neighbouring
 * values lie `step` pixels apart. The size is infinite once a layer has seen the whole image.
 */
export interface ReceptiveField {
  readonly size: number;
  readonly step: number;
}

/** The receptive field of a pixel of the image itself. */
export const onePixel: ReceptiveField = { size: 1, step: 1 };

/** What a value depends on that is made of several others: the largest of theirs. */
export function widest(...fields: readonly ReceptiveField[]): ReceptiveField {
  return {
    size: highest(fields.map(({ size }) => size)),
    step: highest(fields.map(({ step }) => step)),
  };
}

/** What one layer gives and costs. */
export interface LayerRow {
  /** Dotted name, relative to the layer that was asked; empty for that layer itself. */
  readonly name: string;
  /** What it is, such as `conv 3x3/2`. */
  readonly kind: string;
  readonly outputShape: Shape;
  /** Trained numbers; running statistics are not counted. */
  readonly parameters: number;
  /**
   * Multiplications, each with its addition, for one image. Convolutions and dense layers are counted; normalisation, ReLU,
   * pooling, bias and the addition of a shortcut are not: together they are under one percent of the papers' networks.
   */
  readonly multiplyAdds: number;
  /** Numbers that it writes for one image, which training keeps for the backward pass; 0 where its output is its input. */
  readonly activations: number;
  /** Pixels of the image, along one side, that one value of its output depends on; infinite once it has seen them all. */
  readonly receptiveField: number;
}

/** A part of a network. It has no values until `initialise` gives its parameters some; shapes and costs need none. */
export interface Layer {
  /** What it is, such as `conv 3x3/2`. */
  readonly kind: string;
  /** x [N, ...input] gives [N, ...outputShape(input)]. */
  forward(x: tf.Tensor, mode: Mode): tf.Tensor;
  /** The shape this layer gives for an input shape; throws the rule it breaks when it does not fit. */
  outputShape(input: Shape): Shape;
  /** Every parameter below this layer, in a fixed order. */
  parameters(): readonly NamedParameter[];
  /** What one value of its output depends on, where a value of its input depends on `before`. */
  receptiveField(before: ReceptiveField): ReceptiveField;
  /** One row for each layer without parts, in the order of the forward pass; the input depends on `before`, by default one pixel. */
  rows(input: Shape, before?: ReceptiveField): readonly LayerRow[];
}

/** A layer that has no parts of its own. */
export interface LeafLayer {
  readonly kind: string;
  readonly parameters?: Readonly<Record<string, Parameter>>;
  /** x [N, ...input] gives [N, ...outputShape(input)]. */
  forward(x: tf.Tensor, mode: Mode): tf.Tensor;
  /** The shape this layer gives for an input shape; throws the rule it breaks when it does not fit. */
  outputShape(input: Shape): Shape;
  /** For one image; 0 where absent. */
  multiplyAdds?(input: Shape): number;
  /** What it slides, or `image` where each output depends on all of the input. Default: one value. */
  readonly window?: { readonly size: number; readonly stride: number } | "image";
  /** Numbers that it writes for an output of this shape. Default: all of them. */
  activations?(output: Shape): number;
}

/**
 * Makes a layer of a forward pass, its parameters by name, and its cost.
 *
 * @example
 * ```ts
 * const double = nn.leaf({ kind: "double", forward: (x) => tf.mul(x, 2), outputShape: (input) => input });
 * double.forward(tf.tensor1d([1, 2]), { training: false }); // [2, 4]
 * ```
 */
export function leaf(definition: LeafLayer): Layer {
  const named = Object.entries(definition.parameters ?? {}).map(([name, parameter]) => ({ name, parameter }));
  const { window = { size: 1, stride: 1 } } = definition;
  const receptiveField = ({ size, step }: ReceptiveField): ReceptiveField =>
    window === "image"
      ? { size: Infinity, step }
      : { size: size + (window.size - 1) * step, step: step * window.stride };
  return {
    kind: definition.kind,
    forward: (x, mode) => definition.forward(x, mode),
    outputShape: (input) => definition.outputShape(input),
    parameters: () => named,
    receptiveField,
    rows(input, before = onePixel) {
      const outputShape = definition.outputShape(input);
      return [
        {
          name: "",
          kind: definition.kind,
          outputShape,
          parameters: trainedSize(named),
          multiplyAdds: definition.multiplyAdds?.(input) ?? 0,
          activations: definition.activations?.(outputShape) ?? sizeOf(outputShape),
          receptiveField: receptiveField(before).size,
        },
      ];
    },
  };
}

/** How many numbers a shape holds. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** How many numbers are trained: everything but running statistics. */
export function trainedSize(parameters: readonly NamedParameter[]): number {
  return parameters.reduce(
    (sum, { parameter }) => sum + (parameter.role === "statistic" ? 0 : parameter.size),
    0,
  );
}

/** Names seen from one level up: `weight` in `conv1` is `conv1.weight`. */
export function prefixed<T extends { readonly name: string }>(prefix: string, items: readonly T[]): T[] {
  return items.map((item) => ({ ...item, name: item.name === "" ? prefix : `${prefix}.${item.name}` }));
}

/**
 * The mode for a part called `name`: what it reports is reported under its name. Free where nobody observes.
 *
 * @example
 * ```ts
 * const seen = [];
 * nn.within({ training: false, observe: (name) => seen.push(name) }, "stage1.unit1").observe(
 *   "sum",
 *   tf.zeros([1]),
 * );
 * seen; // ["stage1.unit1.sum"]
 * ```
 */
export function within(mode: Mode, name: string): Mode {
  const { observe, replace, ...rest } = mode;
  if (!observe && !replace) return mode;
  return {
    ...rest,
    ...(observe && { observe: (inner, value) => { observe(`${name}.${inner}`, value); } }), // prettier-ignore
    ...(replace && { replace: (inner, value) => replace(`${name}.${inner}`, value) }),
  };
}

/**
 * Shows `value` to whoever watches under `name`, and gives what the forward pass goes on with.
 * @throws RangeError if `mode.replace` returns another shape.
 *
 * @example
 * ```ts
 * const seen = [];
 * nn.mark(tf.tensor1d([1]), "shortcut", { training: false, observe: (name) => seen.push(name) });
 * seen; // ["shortcut"]
 * ```
 */
export function mark<T extends tf.Tensor>(value: T, name: string, mode: Mode): T {
  let result = value;
  if (mode.replace) {
    result = mode.replace(name, value) as T;
    if (result.shape.join() !== value.shape.join()) {
      throw new RangeError(
        `what replaces ${name} must have its shape [${value.shape.join(", ")}]; got [${result.shape.join(", ")}]`,
      );
    }
  }
  mode.observe?.(name, result);
  return result;
}
