// Operations that move elements and compute nothing: another shape, other places, zeros between.
import { sizeOf, shapeText, tabulate, type NdArray, type Shape } from "../nd-array.js";
import { binary, unary, type Binary, type Unary } from "../operation.js";
import * as places from "../places.js";
import { d, matrixShape, required } from "./parts.js";

/**
 * The same elements in another shape.
 *
 * @example
 * ```ts
 * autodiff.reshape(autodiff.array([1, 2, 3, 4]), { shape: [2, 2] }); // [[1, 2], [3, 4]]
 * ```
 */
export const reshape: Unary<{ readonly shape: Shape }> = unary("reshape", {
  inputs: ["x"],
  needed: ["shape"],
  shape([x], { shape }) {
    if (sizeOf(shape) !== sizeOf(x)) {
      throw new RangeError(
        `the shape must hold x's ${sizeOf(x)} elements, ${shapeText(x)}; got ${shapeText(shape)}`,
      );
    }
    return shape;
  },
  forward: ([x], _, shape) => ({ shape, data: x.data }),
  vjp: (dy, [x]) => [reshape(dy, { shape: x.shape })],
  latex: {
    forward: (y, [x]) => `${y} = \\operatorname{reshape}(${x})`,
    vjp: (y, [x]) => [`${d(x)} = \\operatorname{reshape}\\left(${d(y)}\\right)`],
  },
});

/**
 * The elements of x at the given places of its `data`, in the given shape; -1 is a zero. Its vjp is `scatterAdd`.
 *
 * @example
 * ```ts
 * autodiff.gather(autodiff.array([10, 20, 30]), { shape: [2], places: Int32Array.of(2, 0) }); // [30, 10]
 * ```
 */
export const gather: Unary<places.Places> = unary("gather", {
  inputs: ["x"],
  needed: ["shape", "places"],
  shape: (_, { shape, places }) => required(shape, places.length === sizeOf(shape) ? shape : [places.length], "places"), // prettier-ignore
  forward: ([x], { places }, shape) => ({
    shape,
    data: Float64Array.from(places, (place) => (place < 0 ? 0 : x.data[place]!)),
  }),
  vjp: (dy, [x], { places }) => [scatterAdd(dy, { places, shape: x.shape })],
  latex: {
    forward: (y, [x]) => `${y}_i = ${x}_{\\pi(i)}`,
    vjp: (y, [x]) => [`${d(`${x}_j`)} = \\sum_{i : \\pi(i) = j} ${d(`${y}_i`)}`],
  },
});

/**
 * Zeros in the given shape, with each element of x added at its place; -1 drops it. Its vjp is `gather`.
 *
 * @example
 * ```ts
 * autodiff.scatterAdd(autodiff.array([10, 20]), { shape: [3], places: Int32Array.of(2, 0) }); // [20, 0, 10]
 * ```
 */
export const scatterAdd: Unary<places.Places> = unary("scatterAdd", {
  inputs: ["x"],
  needed: ["shape", "places"],
  shape: ([x], { shape, places }) => {
    required(x, places.length === sizeOf(x) ? x : [places.length], "places");
    return shape;
  },
  forward([x], { places }, shape) {
    const data = new Float64Array(sizeOf(shape));
    places.forEach((place, i) => {
      if (place >= 0) data[place]! += x.data[i]!;
    });
    return { shape, data };
  },
  vjp: (dy, [x], { places }) => [gather(dy, { places, shape: x.shape })],
  latex: {
    forward: (y, [x]) => `${y}_j = \\sum_{i : \\pi(i) = j} ${x}_i`,
    vjp: (y, [x]) => [`${d(`${x}_i`)} = ${d(`${y}_{\\pi(i)}`)}`],
  },
});

/**
 * Rows as columns, of a matrix.
 *
 * @example
 * ```ts
 * autodiff.transpose(
 *   autodiff.array([
 *     [1, 2, 3],
 *     [4, 5, 6],
 *   ]),
 * ); // [[1, 4], [2, 5], [3, 6]]
 * ```
 */
export const transpose: Unary = unary("transpose", {
  inputs: ["x"],
  shape: ([x]) => [matrixShape(x, "x")[1], matrixShape(x, "x")[0]],
  forward: ([x], _, shape) => gather.rule.forward([x], places.transposedPlaces(x.shape), shape),
  vjp: (dy) => [transpose(dy)],
  latex: {
    forward: (y, [x]) => `${y} = ${x}^\\top`,
    vjp: (y, [x]) => [`${d(x)} = \\left(${d(y)}\\right)^\\top`],
  },
});

/**
 * a and b one behind the other along the last axis: channels to channels.
 *
 * @example
 * ```ts
 * autodiff.concat(
 *   autodiff.array([[1], [2]]),
 *   autodiff.array([
 *     [10, 11],
 *     [20, 21],
 *   ]),
 * ); // [[1, 10, 11], [2, 20, 21]]
 * ```
 */
export const concat: Binary = binary("concat", {
  inputs: ["a", "b"],
  shape([a, b]) {
    required(a.slice(0, -1), b.slice(0, -1), "b without its last axis");
    return [...a.slice(0, -1), (a.at(-1) ?? 1) + (b.at(-1) ?? 1)];
  },
  forward([a, b], _, shape) {
    const [m, n] = [a.shape.at(-1)!, b.shape.at(-1)!];
    const rows = tabulate([sizeOf(shape) / (m + n), m + n], (row, c) =>
      c < m ? a.data[row * m + c]! : b.data[row * n + c - m]!,
    );
    return { shape, data: rows.data };
  },
  vjp: (dy, [a, b]) => [channelsFrom(dy, 0, a.shape), channelsFrom(dy, a.shape.at(-1)!, b.shape)],
  latex: {
    forward: (y, [a, b]) => `${y} = [${a}, ${b}]`,
    vjp: (y, [a, b]) => [
      `${d(a)} = \\left(${d(y)}\\right)_{1 \\dots c_a}`,
      `${d(b)} = \\left(${d(y)}\\right)_{c_a + 1 \\dots c_a + c_b}`,
    ],
  },
});

/**
 * `added` channels of zeros behind those of x: half of option A's shortcut.
 *
 * @example
 * ```ts
 * autodiff.padChannels(autodiff.array([1, 2], [1, 1, 1, 2]), { added: 1 }); // [[[[1, 2, 0]]]]
 * ```
 */
export const padChannels: Unary<{ readonly added: number }> = unary("padChannels", {
  inputs: ["x"],
  needed: ["added"],
  shape([x], { added }) {
    places.requireCount(added, "added channels", 0);
    return [...x.slice(0, -1), x.at(-1)! + added];
  },
  forward: ([x], _, shape) =>
    gather.rule.forward([x], places.channelPlaces(x.shape, 0, shape.at(-1)!), shape),
  vjp: (dy, [x]) => [channelsFrom(dy, 0, x.shape)],
  latex: {
    forward: (y, [x]) => `${y} = [${x}, 0]`,
    vjp: (y, [x]) => [`${d(x)} = \\left(${d(y)}\\right)_{1 \\dots c}`],
  },
});

/**
 * Every `stride`-th row and column of images: the other half of option A.
 *
 * @example
 * ```ts
 * autodiff.subsample(autodiff.array([1, 2, 3, 4], [1, 2, 2, 1]), { stride: 2 }); // [[[[1]]]]
 * ```
 */
export const subsample: Unary<{ readonly stride: number }> = unary("subsample", {
  inputs: ["x"],
  needed: ["stride"],
  shape: ([x], { stride }) => {
    const [rows, columns] = places.outputSides(x, { kernel: 1, stride, padding: 0 });
    return [x[0]!, rows, columns, x[3]!];
  },
  forward: ([x], { stride }, shape) => gather.rule.forward([x], places.stridePlaces(x.shape, stride), shape),
  vjp: (dy, [x], { stride }) => [
    scatterAdd(dy, { places: places.stridePlaces(x.shape, stride).places, shape: x.shape }),
  ],
  latex: {
    forward: (y, [x]) => `${y}_{ij} = ${x}_{si, \\, sj}`,
    vjp: (y, [x]) => [`${d(`${x}_{ij}`)} = [s \\mid i] \\, [s \\mid j] \\, ${d(`${y}_{i/s, \\, j/s}`)}`],
  },
});

/** Channels of x from `start` on, in a shape. */
export const channelsFrom = (x: NdArray, start: number, shape: Shape) =>
  gather(x, { places: places.channelPlaces(x.shape, start, shape.at(-1)!).places, shape });
