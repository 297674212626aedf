// What several rules of the table are written with: parts of formulas in operations, and checks of shapes.
import { numberWithin } from "../options.js";
import type { Slide } from "./operations.js";
import { add, exp, largest, mean, multiply, power, reshape, subtract, sum, take } from "./operations.js";
import { asArray, full, shapeText, sizeOf, type NdArray, type Operand, type Shape } from "./nd-array.js";
import * as places from "./places.js";
import type { Value } from "./value.js";

/** Softmax of each row of z [N, K]. Written in operations. */
export function softmax(z: Operand): Value {
  const { shape } = asArray(z);
  // Softmax does not change when a constant is subtracted from a row: the largest keeps exp from overflowing.
  const rows: Shape = [shape[0]!, 1];
  const top = largest({ shape, data: asArray(z).data });
  const e = exp(subtract(z, reshape(top, { shape: rows })));
  return multiply(e, power(reshape(sum(e, { axes: [1] }), { shape: rows }), { exponent: -1 }));
}

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

/** Channels of x from `start` on, in a shape. */
export const channelsFrom = (x: NdArray, start: number, shape: Shape) =>
  take(x, { places: places.channelPlaces(x.shape, start, shape.at(-1)!).places, shape });

export const leading = (x: Shape): readonly number[] => x.slice(0, -1).map((_, axis) => axis);

/** The normalised x and the inverse of its standard deviation, channel by channel. */
export function normalised(x: Operand, epsilon: number) {
  const axes = leading(asArray(x).shape);
  const centred = subtract(x, mean(x, { axes }));
  const r = inverseDeviation(mean(power(centred, { exponent: 2 }), { axes }), epsilon);
  return { u: multiply(centred, r), r };
}

export const inverseDeviation = (variance: Operand, epsilon: number) =>
  power(add(variance, epsilon), { exponent: -1 / 2 });

export function windowRows(x: Operand, [size, , channels]: Shape, slide: Required<Slide>) {
  const windows = places.windowPlaces(asArray(x).shape, { size: size!, ...slide });
  const columns = size! * size! * channels!;
  return take(x, { places: windows.places, shape: [windows.places.length / columns, columns] });
}

export function filterMatrix(w: Operand) {
  const { shape } = asArray(w);
  return reshape(w, { shape: [shape[0]! * shape[1]! * shape[2]!, shape[3]!] });
}

export const pooling = ({ size, stride = size, padding = 0 }: places.Window): Required<places.Window> => ({ size, stride, padding }); // prettier-ignore

export function pooledShape(x: Shape, window: Required<places.Window>): Shape {
  if (window.padding >= window.size)
    throw new RangeError(`padding must be less than the window's size ${window.size}; got ${window.padding}`);
  return [x[0]!, ...places.outputSides(x, window), x[3]!];
}

/** For each window and channel, the place of its largest pixel. */
export function winners(x: NdArray, shape: Shape, window: Required<places.Window>): places.Places {
  const windows = places.windowPlaces(x.shape, window);
  const [, , , pixels, count] = windows.shape as [number, number, number, number, number];
  return winnersOf(x, shape, pixels, (i, k) => {
    const [outer, channel] = [Math.floor(i / count), i % count];
    return windows.places[(outer * pixels + k) * count + channel]!;
  });
}

export function largestPlaces(x: NdArray, shape: Shape): places.Places {
  const length = x.shape.at(-1)!;
  return winnersOf(x, shape, length, (i, k) => i * length + k);
}

/** Among the `count` candidates of each element i, the place of the first that is largest. */
function winnersOf(
  x: NdArray,
  shape: Shape,
  count: number,
  candidate: (i: number, k: number) => number,
): places.Places {
  const winner = (i: number): number => {
    let best = -1;
    for (let k = 0; k < count; k++) {
      const place = candidate(i, k);
      if (place >= 0 && (best < 0 || x.data[place]! > x.data[best]!)) best = place;
    }
    return best;
  };
  return { shape, places: Int32Array.from({ length: sizeOf(shape) }, (_, i) => winner(i)) };
}

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

export function normShape(x: Shape, vectors: Readonly<Record<string, Shape>>, epsilon: number): Shape {
  numberWithin("epsilon", epsilon, 0, Infinity);
  if (sizeOf(x) <= x.at(-1)!)
    throw new RangeError(`x must have at least two values a channel; got shape ${shapeText(x)}`);
  for (const [what, shape] of Object.entries(vectors)) required([x.at(-1)!], shape, what);
  return x;
}

/** `shape` itself, if `got` is the same. @throws RangeError if it is not. */
export function required(shape: Shape, got: Shape, what: string): Shape {
  if (shapeText(shape) !== shapeText(got))
    throw new RangeError(`${what} must have the shape ${shapeText(shape)}; got ${shapeText(got)}`);
  return shape;
}
