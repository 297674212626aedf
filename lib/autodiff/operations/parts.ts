// What the rules of operations are written with: dE/d(symbol) in LaTeX, a function of each number alone, and checks of shapes.
import { shapeText, type NdArray, type Shape } from "../nd-array.js";

/** dE/d(symbol). */
export const d = (symbol: string): string => `\\frac{\\partial E}{\\partial ${symbol}}`;

/** A function of each number alone. */
export const each = (x: NdArray, compute: (value: number) => number): NdArray => ({
  shape: x.shape,
  data: x.data.map(compute),
});

/** The axes themselves, all by default. @throws RangeError if one is not an axis of the shape. */
export function axesOf(shape: Shape, axes: readonly number[] | undefined): readonly number[] {
  if (axes === undefined) return shape.map((_, axis) => axis);
  const wrong = axes.find((axis) => !(Number.isInteger(axis) && axis >= 0 && axis < shape.length));
  if (wrong !== undefined)
    throw new RangeError(`axes must be axes of the shape ${shapeText(shape)}, from 0; got ${wrong}`);
  return axes;
}

export function matrixShape(shape: Shape, what: string): readonly [number, number] {
  if (shape.length !== 2) throw new RangeError(`${what} must be a matrix; got shape ${shapeText(shape)}`);
  return shape as unknown as readonly [number, number];
}

/** `shape` itself, if `got` is the same. @throws RangeError if it is not. */
export function required(shape: Shape, got: Shape, what: string): Shape {
  if (shapeText(shape) !== shapeText(got))
    throw new RangeError(`${what} must have the shape ${shapeText(shape)}; got ${shapeText(got)}`);
  return shape;
}
