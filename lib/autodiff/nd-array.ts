// Arrays of float64 numbers with a shape: what the tape computes with.

/** The lengths of an array's axes; `[]` for a number. */
export type Shape = readonly number[];

/** An n-dimensional array, row by row. */
export interface NdArray {
  readonly shape: Shape;
  readonly data: Float64Array;
}

/** Numbers in nested lists, as they are written. */
export type Nested = number | readonly Nested[];

/** What an operation takes: an array, or a number as an array of shape `[]`. */
export type Operand = NdArray | number;

/** How many numbers an array of this shape has. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((size, length) => size * length, 1);
}

/** A shape as messages write it: `[2, 3]`. */
export function shapeText(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/** Whether two shapes are the same. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

/**
 * An array from nested lists, or from a flat list and a shape.
 *
 * @example
 * ```ts
 * autodiff.array([
 *   [1, 2],
 *   [3, 4],
 * ]).shape; // [2, 2]
 * autodiff.array(Float64Array.of(1, 2, 3, 4), [2, 2]); // [[1, 2], [3, 4]]
 * ```
 *
 * @throws RangeError if rows differ in length, or if the shape does not hold the numbers.
 */
export function array(values: Nested | Float64Array, shape?: Shape): NdArray {
  if (values instanceof Float64Array) return checked(Float64Array.from(values), shape ?? [values.length]);
  const found = shapeOf(values);
  const flat = Float64Array.from(flatten(values));
  return checked(flat, shape ?? found);
}

function flatten(values: Nested): number[] {
  return typeof values === "number" ? [values] : values.flatMap(flatten);
}

function checked(data: Float64Array, shape: Shape): NdArray {
  const lengthsAreCounts = shape.every((length) => Number.isInteger(length) && length >= 1);
  if (!lengthsAreCounts || sizeOf(shape) !== data.length) {
    throw new RangeError(
      `a shape must be of whole lengths and hold the array's ${data.length} numbers; got ${shapeText(shape)}`,
    );
  }
  return { shape: [...shape], data };
}

function shapeOf(values: Nested): number[] {
  if (typeof values === "number") return [];
  const rows = values.map(shapeOf);
  const first = rows[0] ?? [];
  const odd = rows.find((row) => !sameShape(row, first));
  if (odd) {
    throw new RangeError(
      `the rows of an array must have one shape; got ${shapeText(first)} and ${shapeText(odd)}`,
    );
  }
  return [values.length, ...first];
}

/** An array as an operand's value: numbers become arrays of shape `[]`. */
export function asArray(operand: Operand): NdArray {
  return typeof operand === "number" ? { shape: [], data: Float64Array.of(operand) } : operand;
}

/**
 * An array whose every element is `value`.
 *
 * @example
 * ```ts
 * autodiff.full([2, 3], 0.5); // [[0.5, 0.5, 0.5], [0.5, 0.5, 0.5]]
 * ```
 */
export function full(shape: Shape, value: number): NdArray {
  return { shape, data: new Float64Array(sizeOf(shape)).fill(value) };
}

/**
 * An array from a formula for its elements: what `y_ij = …` says, written as code.
 *
 * @example
 * ```ts
 * autodiff.tabulate([2, 3], (row, column) => 10 * row + column); // [[0, 1, 2], [10, 11, 12]]
 * ```
 */
export function tabulate(shape: Shape, element: (...index: number[]) => number): NdArray {
  const data = new Float64Array(sizeOf(shape));
  for (let flat = 0; flat < data.length; flat++) data[flat] = element(...indexOf(flat, shape));
  return { shape, data };
}

/**
 * Where the element with this place in `data` stands: its index along each axis.
 *
 * @example
 * ```ts
 * autodiff.indexOf(5, [2, 3]); // [1, 2]
 * ```
 */
export function indexOf(flat: number, shape: Shape): number[] {
  const index = new Array<number>(shape.length);
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index[axis] = flat % shape[axis]!;
    flat = Math.floor(flat / shape[axis]!);
  }
  return index;
}

/**
 * The element at an index. `at(y, i, j)` is y_ij.
 *
 * @example
 * ```ts
 * autodiff.at(
 *   autodiff.array([
 *     [1, 2],
 *     [3, 4],
 *   ]),
 *   1,
 *   0,
 * ); // 3
 * ```
 */
export function at({ shape, data }: NdArray, ...index: number[]): number {
  let flat = 0;
  for (let axis = 0; axis < shape.length; axis++) {
    const place = index[axis]!;
    if (!(place >= 0 && place < shape[axis]!)) return outside(shape, index);
    flat = flat * shape[axis]! + place;
  }
  return index.length === shape.length ? data[flat]! : outside(shape, index);
}

function outside(shape: Shape, index: readonly number[]): never {
  throw new RangeError(`an index must lie in the array's shape ${shapeText(shape)}; got ${shapeText(index)}`);
}

/**
 * The array as nested lists, to print or to compare.
 *
 * @example
 * ```ts
 * autodiff.toNested(autodiff.array([1, 2, 3, 4], [2, 2])); // [[1, 2], [3, 4]]
 * ```
 */
export function toNested(values: NdArray): Nested {
  const build = (axis: number, start: number): Nested => {
    if (axis === values.shape.length) return values.data[start]!;
    const step = sizeOf(values.shape.slice(axis + 1));
    return Array.from({ length: values.shape[axis]! }, (_, i) => build(axis + 1, start + i * step));
  };
  return build(0, 0);
}

/** The place of the first element that is not finite, or -1. */
export function firstNonFinite(data: Float64Array): number {
  return data.findIndex((value) => !Number.isFinite(value));
}
