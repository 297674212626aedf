// Broadcasting: how an array is read as if it had a larger shape, and how what was spread is summed again.
import { indexOf, shapeText, sizeOf, type NdArray, type Shape } from "./nd-array.js";

/**
 * The shape in which two arrays meet: axes are lined up from the last, and a missing axis or one of length 1 repeats.
 *
 * @throws RangeError if two lengths differ and neither is 1.
 *
 * @example
 * ```ts
 * autodiff.broadcastShapes([8, 1, 3], [5, 1]); // [8, 5, 3]
 * ```
 */
export function broadcastShapes(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const [m = 1, n = 1] = [a[axis - rank + a.length], b[axis - rank + b.length]];
    if (m !== n && m !== 1 && n !== 1) {
      throw new RangeError(
        `the shapes must agree from the last axis on, or be 1 there; got ${shapeText(a)} and ${shapeText(b)}`,
      );
    }
    return Math.max(m, n);
  });
}

/** For each element of `shape`, the place in an array of shape `from` that it repeats. */
export function repeatedPlaces(from: Shape, shape: Shape): Int32Array {
  const lead = shape.length - from.length;
  return Int32Array.from({ length: sizeOf(shape) }, (_, flat) => {
    const index = indexOf(flat, shape);
    return from.reduce((place, length, axis) => place * length + (length === 1 ? 0 : index[axis + lead]!), 0);
  });
}

/** `combine(a, b)`, element by element, with both read in `shape`. */
export function zip(
  a: NdArray,
  b: NdArray,
  shape: Shape,
  combine: (a: number, b: number) => number,
): NdArray {
  const [placeA, placeB] = [repeatedPlaces(a.shape, shape), repeatedPlaces(b.shape, shape)];
  const data = Float64Array.from(placeA, (place, i) => combine(a.data[place]!, b.data[placeB[i]!]!));
  return { shape, data };
}

/** `shape` with the given axes at length 1. */
export function withOnes(shape: Shape, axes: readonly number[]): Shape {
  return shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
}

/** The sum over the given axes, which are left out of the result. */
export function sumOver(x: NdArray, axes: readonly number[], shape: Shape): NdArray {
  const data = new Float64Array(sizeOf(shape));
  repeatedPlaces(withOnes(x.shape, axes), x.shape).forEach((place, i) => (data[place]! += x.data[i]!));
  return { shape, data };
}
