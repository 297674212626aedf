// Sums, differences, products and multiples. What broadcasting repeats on the way forward is summed on the way back, and what a sum adds up
// is spread again: so addition and the sum over axes stand in one file.
import { broadcastShapes, sumOver, withOnes, zip } from "../broadcast.js";
import { finite } from "../../options.js";
import { full, type NdArray, type Operand, type Shape } from "../nd-array.js";
import { binary, unary, type Binary, type Unary } from "../operation.js";
import { reshape } from "./moving.js";
import { axesOf, d, each } from "./parts.js";

/** The axes that a sum or a mean runs over. */
export interface Axes {
  /** Default: all. */
  readonly axes?: readonly number[];
}

/**
 * a + b, with broadcasting.
 *
 * @example
 * ```ts
 * autodiff.add(
 *   autodiff.array([
 *     [1, 2],
 *     [3, 4],
 *   ]),
 *   autodiff.array([10, 20]),
 * ); // [[11, 22], [13, 24]]
 * ```
 */
export const add: Binary = binary("add", {
  inputs: ["a", "b"],
  shape: ([a, b]) => broadcastShapes(a, b),
  forward: ([a, b], _, shape) => zip(a, b, shape, (a, b) => a + b),
  vjp: (dy, [a, b]) => [summedTo(a.shape, dy), summedTo(b.shape, dy)],
  latex: {
    forward: (y, [a, b]) => `${y} = ${a} + ${b}`,
    vjp: (y, [a, b]) => [`${d(a)} = ${d(y)}`, `${d(b)} = ${d(y)}`],
  },
});

/**
 * a - b, with broadcasting.
 *
 * @example
 * ```ts
 * autodiff.subtract(autodiff.array([1, 2]), autodiff.array([3, 5])); // [-2, -3]
 * ```
 */
export const subtract: Binary = binary("subtract", {
  inputs: ["a", "b"],
  shape: ([a, b]) => broadcastShapes(a, b),
  forward: ([a, b], _, shape) => zip(a, b, shape, (a, b) => a - b),
  vjp: (dy, [a, b]) => [summedTo(a.shape, dy), summedTo(b.shape, scale(dy, { factor: -1 }))],
  latex: {
    forward: (y, [a, b]) => `${y} = ${a} - ${b}`,
    vjp: (y, [a, b]) => [`${d(a)} = ${d(y)}`, `${d(b)} = -${d(y)}`],
  },
});

/**
 * a b, element by element, with broadcasting.
 *
 * @example
 * ```ts
 * autodiff.multiply(autodiff.array([1, 2]), autodiff.array([3, 5])); // [3, 10]
 * ```
 */
export const multiply: Binary = binary("multiply", {
  inputs: ["a", "b"],
  shape: ([a, b]) => broadcastShapes(a, b),
  forward: ([a, b], _, shape) => zip(a, b, shape, (a, b) => a * b),
  vjp: (dy, [a, b]) => [summedTo(a.shape, multiply(dy, b)), summedTo(b.shape, multiply(dy, a))],
  latex: {
    forward: (y, [a, b]) => `${y} = ${a} \\odot ${b}`,
    vjp: (y, [a, b]) => [`${d(a)} = ${d(y)} \\odot ${b}`, `${d(b)} = ${d(y)} \\odot ${a}`],
  },
});

/**
 * x times a constant number.
 *
 * @example
 * ```ts
 * autodiff.scale(autodiff.array([1, 2]), { factor: -3 }); // [-3, -6]
 * ```
 */
export const scale: Unary<{ readonly factor: number }> = unary("scale", {
  inputs: ["x"],
  needed: ["factor"],
  shape([x], { factor }) {
    finite("factor", factor);
    return x;
  },
  forward: ([x], { factor }) => each(x, (x) => factor * x),
  vjp: (dy, _, { factor }) => [scale(dy, { factor })],
  latex: {
    forward: (y, [x]) => `${y} = \\lambda ${x}`,
    vjp: (y, [x]) => [`${d(x)} = \\lambda ${d(y)}`],
  },
});

/**
 * The sum over the given axes, which are left out of the result.
 *
 * @example
 * ```ts
 * autodiff.sum(
 *   autodiff.array([
 *     [1, 2],
 *     [3, 4],
 *   ]),
 *   { axes: [0] },
 * ); // [4, 6]
 * ```
 */
export const sum: Unary<Axes> = unary("sum", {
  inputs: ["x"],
  optional: ["axes"],
  shape: ([x], { axes }) => x.filter((_, axis) => !axesOf(x, axes).includes(axis)),
  forward: ([x], { axes }, shape) => sumOver(x, axesOf(x.shape, axes), shape),
  vjp: (dy, [x], { axes }) => [
    spreadTo(x.shape, reshape(dy, { shape: withOnes(x.shape, axesOf(x.shape, axes)) })),
  ],
  latex: {
    forward: (y, [x]) => `${y} = \\sum_i ${x}_i`,
    vjp: (y, [x]) => [`${d(`${x}_i`)} = ${d(y)}`],
  },
});

/** Sums what broadcasting repeated, back to `shape`. */
export function summedTo(shape: Shape, dy: NdArray) {
  const lead = dy.shape.length - shape.length;
  const axes = dy.shape.flatMap((length, axis) =>
    axis < lead || (shape[axis - lead] === 1 && length > 1) ? [axis] : [],
  );
  return axes.length === 0 ? dy : reshape(sum(dy, { axes }), { shape });
}

/** Repeats x along its axes of length 1, to `shape`. */
export const spreadTo = (shape: Shape, x: Operand) => add(x, full(shape, 0));
