// A tensor as a person reads it: type, shape, range, and the values or an excerpt of them.
import type { MimeBundle } from "./display.js";
import { columnFormat, formatNumber } from "./numbers.js";
import { highest } from "../numeric.js";

/** What is asked of a tensor; those of TensorFlow.js have it. */
export interface TensorLike {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly isDisposed: boolean;
  /** A variable's name. */
  readonly name?: string;
  /** The values in row-major order; a complex number is two. Works on every backend. */
  data(): Promise<ArrayLike<number> | readonly string[]>;
}

/**
 * Whether a value is a tensor, of whichever copy of TensorFlow.js.
 *
 * @example
 * ```ts
 * plot.isTensor(tf.zeros([2])); // true
 * ```
 */
export function isTensor(value: unknown): value is TensorLike {
  if (typeof value !== "object" || value === null) return false;
  const { shape, dtype, dataId, data } = value as Record<string, unknown>;
  return (
    Array.isArray(shape) && typeof dtype === "string" && dataId !== undefined && typeof data === "function"
  );
}

/**
 * One line without values: `Tensor float32 [2, 3]`, `Variable conv.weight float32 [3, 3, 16, 16]`.
 *
 * @example
 * ```ts
 * plot.tensorHeading(tf.zeros([2, 3])); // "Tensor float32 [2, 3]"
 * ```
 */
export function tensorHeading(tensor: TensorLike): string {
  const { name, dtype, shape } = tensor;
  const what = name === undefined ? "Tensor" : `Variable ${name}`;
  const disposed = tensor.isDisposed ? ", disposed: its memory is free and its values are gone" : "";
  return `${what} ${dtype} [${shape.join(", ")}]${disposed}`;
}

/**
 * The representation of a tensor in a notebook; reads its values once. A disposed tensor says that it is one.
 *
 * @example
 * ```ts
 * Object.keys(await plot.showTensor(tf.zeros([2]))); // ["text/plain"]
 * ```
 */
export async function showTensor(tensor: TensorLike): Promise<MimeBundle> {
  const heading = tensorHeading(tensor);
  if (tensor.isDisposed) return { "text/plain": heading };
  const values = await tensor.data();
  return { "text/plain": describeTensor(heading, tensor, values) };
}

/** A dimension longer than this shows only its first and last few places... */
const mostPlaces = 8;
/** ...this many of each; places of the leading dimensions take more room, so fewer are shown. */
const edge = 3;
/** A tensor with more values than this tells its range and mean as well. */
const fewValues = 16;

/** The heading, what is to be known of many values, and the values in nested brackets, long dimensions cut. */
export function describeTensor(
  heading: string,
  { shape, dtype }: Pick<TensorLike, "shape" | "dtype">,
  values: ArrayLike<number | string>,
): string {
  const count = shape.reduce((product, length) => product * length, 1);
  const facts =
    dtype === "float32" || dtype === "int32" ? statistics(values as Float32Array | Int32Array) : "";
  const lines = [count > fewValues && facts !== "" ? `${heading}, ${facts}` : heading];
  if (count === 0) return `${lines[0]!}, no values`;
  const shown = excerpt(shape);
  const asText = formatter(dtype, values, shown.indices);
  const texts = new Map(shown.indices.map((index) => [index, asText(index)]));
  const width = highest([...texts.values()].map((text) => text.length));
  return [...lines, draw(shown.tree, (index) => texts.get(index)!.padStart(width), 0)].join("\n");
}

/** Range and mean of the finite values, and how many are not finite: what is asked first of weights and gradients. */
function statistics(values: Iterable<number>): string {
  let [lowest, highest, sum, finite, nan, infinite] = [Infinity, -Infinity, 0, 0, 0, 0];
  for (const value of values) {
    if (Number.isFinite(value)) {
      finite++;
      sum += value;
      if (value < lowest) lowest = value;
      if (value > highest) highest = value;
    } else if (Number.isNaN(value)) nan++;
    else infinite++;
  }
  const range =
    finite === 0
      ? []
      : [`${formatNumber(lowest)} to ${formatNumber(highest)}`, `mean ${formatNumber(sum / finite)}`];
  const odd = [
    ...(nan > 0 ? [`${formatNumber(nan)} NaN`] : []),
    ...(infinite > 0 ? [`${formatNumber(infinite)} infinite`] : []),
  ];
  return [...range, ...odd].join(", ");
}

/** The places of a dimension that are shown; a gap stands for those left out. */
type Tree = number | readonly (Tree | "gap")[];

/** Which values are shown, as nested lists of their indices. */
function excerpt(shape: readonly number[]): { readonly tree: Tree; readonly indices: readonly number[] } {
  const indices: number[] = [];
  const visit = (dimension: number, offset: number): Tree => {
    if (dimension === shape.length) {
      indices.push(offset);
      return offset;
    }
    const length = shape[dimension]!;
    const size = shape.slice(dimension + 1).reduce((product, one) => product * one, 1);
    // The two last dimensions make the picture; of those before them two places say enough.
    const ends = dimension < shape.length - 2 ? 1 : edge;
    const most = dimension < shape.length - 2 ? 2 : mostPlaces;
    const place = (at: number): Tree => visit(dimension + 1, offset + at * size);
    const range = (from: number, to: number): Tree[] =>
      Array.from({ length: to - from }, (_, i) => place(from + i));
    return length <= most ? range(0, length) : [...range(0, ends), "gap", ...range(length - ends, length)];
  };
  return { tree: visit(0, 0), indices };
}

function formatter(
  dtype: string,
  values: ArrayLike<number | string>,
  indices: readonly number[],
): (index: number) => string {
  switch (dtype) {
    case "string":
      return (index) => JSON.stringify(values[index]);
    case "bool":
      return (index) => (values[index] === 0 ? "false" : "true");
    case "complex64": {
      const numbers = values as ArrayLike<number>;
      return (index) => {
        const imaginary = numbers[2 * index + 1]!;
        const sign = imaginary < 0 ? "-" : "+";
        return `${formatNumber(numbers[2 * index]!)} ${sign} ${formatNumber(Math.abs(imaginary))}i`;
      };
    }
    default: {
      const numbers = values as ArrayLike<number>;
      const format = columnFormat(indices.map((index) => numbers[index]!));
      return (index) => format(numbers[index]!);
    }
  }
}

/** Nested brackets as NumPy draws them: one row a line, a blank line between matrices. */
function draw(tree: Tree, text: (index: number) => string, depth: number): string {
  if (typeof tree === "number") return text(tree);
  const isRow = tree.every((part) => !Array.isArray(part));
  const parts = tree.map((part) => (part === "gap" ? "…" : draw(part, text, depth + 1)));
  if (isRow) return `[${parts.join(", ")}]`;
  const isMatrix = tree.some((part) => Array.isArray(part) && part.every((one) => !Array.isArray(one)));
  const separator = `,${isMatrix ? "\n" : "\n\n"}${" ".repeat(depth + 1)}`;
  return `[${parts.join(separator)}]`;
}
