// The table of operations: for each its shape rule, its forward pass, its vector-Jacobian product, and the LaTeX of both.
//
// A vjp is written in operations, so a gradient can be differentiated again. `d("x")` is dE/dx. Images are [N, H, W, C].
import { broadcastShapes, sumOver, withOnes, zip } from "./broadcast.js";
import { finite } from "../options.js";
import { shapeText, sizeOf, tabulate, type NdArray, type Shape } from "./nd-array.js";
import {
  binary,
  quinary,
  ternary,
  unary,
  type Binary,
  type Quinary,
  type Ternary,
  type Unary,
} from "./operation.js";
import {
  axesOf,
  channelsFrom,
  filterMatrix,
  inverseDeviation,
  largestPlaces,
  leading,
  matrixShape,
  normalised,
  normShape,
  pooledShape,
  pooling,
  required,
  softmax,
  spreadTo,
  summedTo,
  windowRows,
  winners,
} from "./parts.js";
import * as places from "./places.js";

/** The axes that a sum or a mean runs over. */
export interface Axes {
  /** Default: all. */
  readonly axes?: readonly number[];
}

/** How a convolution slides. */
export interface Slide {
  /** Default: 1. */
  readonly stride?: number;
  /** Zeros on each side. Default: 0. */
  readonly padding?: number;
}

/** What batch normalisation adds to the variance. */
export interface Epsilon {
  /** Default: 1e-5. */
  readonly epsilon?: number;
}

/** dE/d(symbol). */
const d = (symbol: string): string => `\\frac{\\partial E}{\\partial ${symbol}}`;

/** A function of each number alone. */
const each = (x: NdArray, compute: (value: number) => number): NdArray => ({
  shape: x.shape,
  data: x.data.map(compute),
});

// ---------------------------------------------------------------------------------------------------- arithmetic

/** a + b, with broadcasting. */
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

/** a - b, with broadcasting. */
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

/** a b, element by element, with broadcasting. */
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

/** x times a constant number. */
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

/** x to a constant power, element by element. */
export const power: Unary<{ readonly exponent: number }> = unary("power", {
  inputs: ["x"],
  needed: ["exponent"],
  shape([x], { exponent }) {
    finite("exponent", exponent);
    return x;
  },
  forward: ([x], { exponent }) => each(x, (x) => x ** exponent),
  // x^0 is 1 everywhere, at 0 too, where 0 x^-1 would be no number. So every derivative of a whole power exists at 0.
  vjp: (dy, [x], { exponent }) => [
    exponent === 0
      ? scale(dy, { factor: 0 })
      : multiply(dy, scale(power(x, { exponent: exponent - 1 }), { factor: exponent })),
  ],
  latex: {
    forward: (y, [x]) => `${y} = ${x}^p`,
    vjp: (y, [x]) => [`${d(x)} = ${d(y)} \\odot p \\, ${x}^{p-1}`],
  },
});

/** The exponential, element by element. */
export const exp: Unary = unary("exp", {
  inputs: ["x"],
  shape: ([x]) => x,
  forward: ([x]) => each(x, Math.exp),
  vjp: (dy, [x]) => [multiply(dy, exp(x))],
  latex: {
    forward: (y, [x]) => `${y} = e^{${x}}`,
    vjp: (y, [x]) => [`${d(x)} = ${d(y)} \\odot e^{${x}}`],
  },
});

/** The natural logarithm, element by element. */
export const log: Unary = unary("log", {
  inputs: ["x"],
  shape: ([x]) => x,
  forward: ([x]) => each(x, Math.log),
  vjp: (dy, [x]) => [multiply(dy, power(x, { exponent: -1 }))],
  latex: {
    forward: (y, [x]) => `${y} = \\ln ${x}`,
    vjp: (y, [x]) => [`${d(x)} = ${d(y)} \\odot ${x}^{-1}`],
  },
});

// --------------------------------------------------------------------------------------------------- activations

/** max(x, 0), element by element; the derivative at 0 is taken to be 0. */
export const relu: Unary = unary("relu", {
  inputs: ["x"],
  shape: ([x]) => x,
  forward: ([x]) => each(x, (x) => Math.max(x, 0)),
  vjp: (dy, [x]) => [
    multiply(
      dy,
      each(x, (x) => (x > 0 ? 1 : 0)),
    ),
  ],
  latex: {
    forward: (y, [x]) => `${y} = \\max(${x}, 0)`,
    vjp: (y, [x]) => [`${d(x)} = ${d(y)} \\odot [${x} > 0]`],
  },
});

/** 1 / (1 + exp(-x)), element by element. */
export const sigmoid: Unary = unary("sigmoid", {
  inputs: ["x"],
  shape: ([x]) => x,
  forward: ([x]) => each(x, (x) => 1 / (1 + Math.exp(-x))),
  vjp: (dy, [x]) => [multiply(dy, multiply(sigmoid(x), subtract(1, sigmoid(x))))],
  latex: {
    forward: (y, [x]) => `${y} = \\sigma(${x})`,
    vjp: (y, [x]) => [`${d(x)} = ${d(y)} \\odot ${y} \\odot (1 - ${y})`],
  },
});

/** x with the elements where the mask is 0 dropped and the others divided by `keep`, the share that is kept. */
export const dropout: Unary<{ readonly mask: NdArray; readonly keep: number }> = unary("dropout", {
  inputs: ["x"],
  needed: ["mask", "keep"],
  shape: ([x], { mask, keep }) => {
    if (!(typeof keep === "number" && keep > 0 && keep <= 1))
      throw new RangeError(`keep must be a share in (0, 1]; got ${keep}`);
    return required(x, mask.shape, "the mask");
  },
  forward: ([x], { mask, keep }, shape) => zip(x, mask, shape, (x, m) => (x * m) / keep),
  vjp: (dy, _, attributes) => [dropout(dy, attributes)],
  latex: {
    forward: (y, [x]) => `${y} = \\frac{1}{q} \\, m \\odot ${x}`,
    vjp: (y, [x]) => [`${d(x)} = \\frac{1}{q} \\, m \\odot ${d(y)}`],
  },
});

// ------------------------------------------------------------------------------------------------ sums and means

/** The sum over the given axes, which are left out of the result. */
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

/** The mean over the given axes, which are left out of the result. */
export const mean: Unary<Axes> = unary("mean", {
  inputs: ["x"],
  optional: ["axes"],
  shape: sum.rule.shape,
  forward: ([x], attributes, shape) => {
    const total = sum.rule.forward([x], attributes, shape);
    return each(total, (value) => (value * total.data.length) / x.data.length);
  },
  vjp: (dy, inputs, attributes, y) => {
    const [spread] = sum.rule.vjp(dy, inputs, attributes, y);
    return [scale(spread!, { factor: sizeOf(y.shape) / sizeOf(inputs[0].shape) })];
  },
  latex: {
    forward: (y, [x]) => `${y} = \\frac{1}{m} \\sum_{i=1}^{m} ${x}_i`,
    vjp: (y, [x]) => [`${d(`${x}_i`)} = \\frac{1}{m} ${d(y)}`],
  },
});

/** The largest along the last axis, which is left out; among equals the first. */
export const largest: Unary = unary("largest", {
  inputs: ["x"],
  shape: ([x]) => (x.length > 0 ? x.slice(0, -1) : [...required(x, [1], "x")]),
  forward: ([x], _, shape) => take.rule.forward([x], largestPlaces(x, shape), shape),
  vjp: (dy, [x], _, y) => [put(dy, { ...largestPlaces(x, y.shape), shape: x.shape })],
  latex: {
    forward: (y, [x]) => `${y} = \\max_k ${x}_k`,
    vjp: (y, [x]) => [`${d(`${x}_k`)} = ${d(y)} \\, [k = \\operatorname{arg\\,max}_j ${x}_j]`],
  },
});

// ---------------------------------------------------------------------------------------------- moving elements

/** The same elements in another shape. */
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

/** The elements of x at the given places of its `data`, in the given shape; -1 is a zero. Its vjp is `put`. */
export const take: Unary<places.Places> = unary("take", {
  inputs: ["x"],
  needed: ["shape", "places"],
  shape: (_, { shape, places }) => required(shape, places.length === sizeOf(shape) ? shape : [places.length], "places"), // prettier-ignore
  forward: ([x], { places }, shape) => ({
    shape,
    data: Float64Array.from(places, (place) => (place < 0 ? 0 : x.data[place]!)),
  }),
  vjp: (dy, [x], { places }) => [put(dy, { places, shape: x.shape })],
  latex: {
    forward: (y, [x]) => `${y}_i = ${x}_{\\pi(i)}`,
    vjp: (y, [x]) => [`${d(`${x}_j`)} = \\sum_{i : \\pi(i) = j} ${d(`${y}_i`)}`],
  },
});

/** Zeros in the given shape, with each element of x added at its place; -1 drops it. Its vjp is `take`. */
export const put: Unary<places.Places> = unary("put", {
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
  vjp: (dy, [x], { places }) => [take(dy, { places, shape: x.shape })],
  latex: {
    forward: (y, [x]) => `${y}_j = \\sum_{i : \\pi(i) = j} ${x}_i`,
    vjp: (y, [x]) => [`${d(`${x}_i`)} = ${d(`${y}_{\\pi(i)}`)}`],
  },
});

/** Rows as columns, of a matrix. */
export const transpose: Unary = unary("transpose", {
  inputs: ["x"],
  shape: ([x]) => [matrixShape(x, "x")[1], matrixShape(x, "x")[0]],
  forward: ([x], _, shape) => take.rule.forward([x], places.transposedPlaces(x.shape), shape),
  vjp: (dy) => [transpose(dy)],
  latex: {
    forward: (y, [x]) => `${y} = ${x}^\\top`,
    vjp: (y, [x]) => [`${d(x)} = \\left(${d(y)}\\right)^\\top`],
  },
});

/** a and b one behind the other along the last axis: channels to channels. */
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

/** `added` channels of zeros behind those of x: half of option A's shortcut. */
export const padChannels: Unary<{ readonly added: number }> = unary("padChannels", {
  inputs: ["x"],
  needed: ["added"],
  shape([x], { added }) {
    places.requireCount(added, "added channels", 0);
    return [...x.slice(0, -1), x.at(-1)! + added];
  },
  forward: ([x], _, shape) => take.rule.forward([x], places.channelPlaces(x.shape, 0, shape.at(-1)!), shape),
  vjp: (dy, [x]) => [channelsFrom(dy, 0, x.shape)],
  latex: {
    forward: (y, [x]) => `${y} = [${x}, 0]`,
    vjp: (y, [x]) => [`${d(x)} = \\left(${d(y)}\\right)_{1 \\dots c}`],
  },
});

/** Every `stride`-th row and column of images: the other half of option A. */
export const subsample: Unary<{ readonly stride: number }> = unary("subsample", {
  inputs: ["x"],
  needed: ["stride"],
  shape: ([x], { stride }) => {
    const [rows, columns] = places.outputSides(x, { size: 1, stride, padding: 0 });
    return [x[0]!, rows, columns, x[3]!];
  },
  forward: ([x], { stride }, shape) => take.rule.forward([x], places.stridePlaces(x.shape, stride), shape),
  vjp: (dy, [x], { stride }) => [
    put(dy, { places: places.stridePlaces(x.shape, stride).places, shape: x.shape }),
  ],
  latex: {
    forward: (y, [x]) => `${y}_{ij} = ${x}_{si, \\, sj}`,
    vjp: (y, [x]) => [`${d(`${x}_{ij}`)} = [s \\mid i] \\, [s \\mid j] \\, ${d(`${y}_{i/s, \\, j/s}`)}`],
  },
});

// ------------------------------------------------------------------------------------------- products and windows

/** The product of two matrices. */
export const matmul: Binary = binary("matmul", {
  inputs: ["x", "W"],
  shape([x, w]) {
    const [m, k] = matrixShape(x, "x");
    const [rows, n] = matrixShape(w, "W");
    if (k !== rows) {
      throw new RangeError(
        `x must have as many columns as W has rows; got ${shapeText(x)} and ${shapeText(w)}`,
      );
    }
    return [m, n];
  },
  forward([x, w], _, shape) {
    const [k, n] = w.shape as [number, number];
    const data = new Float64Array(sizeOf(shape));
    for (let i = 0; i < shape[0]!; i++)
      for (let l = 0; l < k; l++)
        for (let j = 0; j < n; j++) data[i * n + j]! += x.data[i * k + l]! * w.data[l * n + j]!;
    return { shape, data };
  },
  vjp: (dy, [x, w]) => [matmul(dy, transpose(w)), matmul(transpose(x), dy)],
  latex: {
    forward: (y, [x, w]) => `${y} = ${x} \\, ${w}`,
    vjp: (y, [x, w]) => [`${d(x)} = ${d(y)} \\, ${w}^\\top`, `${d(w)} = ${x}^\\top \\, ${d(y)}`],
  },
});

/**
 * Convolution (cross-correlation). x [N, H, W, Cin], W [K, K, Cin, Cout]: the windows of x as rows of a matrix, times the filter as a
 * matrix. Going back, each element of a window returns to the pixel it was taken from.
 */
export const conv2d: Binary<Slide> = binary("conv2d", {
  inputs: ["x", "W"],
  defaults: { stride: 1, padding: 0 },
  shape([x, w], slide) {
    const channels = places.imageShape(x)[3];
    if (w.length !== 4 || w[0] !== w[1] || w[2] !== channels) {
      throw new RangeError(
        `the filter must be [K, K, ${channels}, Cout] for images with ${channels} channels; got ${shapeText(w)}`,
      );
    }
    return [x[0]!, ...places.outputSides(x, { size: w[0]!, ...slide }), w[3]!];
  },
  forward: ([x, w], slide, shape) => {
    const y = matmul(windowRows(x, w.shape, slide), filterMatrix(w));
    return { shape, data: y.data };
  },
  vjp(dy, [x, w], slide) {
    const dRows = reshape(dy, { shape: [sizeOf(dy.shape) / w.shape[3]!, w.shape[3]!] });
    const dWindows = matmul(dRows, transpose(filterMatrix(w)));
    const dFilter = matmul(transpose(windowRows(x, w.shape, slide)), dRows);
    const { places: from } = places.windowPlaces(x.shape, { size: w.shape[0]!, ...slide });
    return [put(dWindows, { places: from, shape: x.shape }), reshape(dFilter, { shape: w.shape })];
  },
  latex: {
    forward: (y, [x, w]) => `${y}_{ijk} = \\sum_{u,v,c} ${x}_{si+u-p, \\; sj+v-p, \\; c} \\, ${w}_{uvck}`,
    vjp: (y, [x, w]) => [
      `${d(`${x}_{abc}`)} = \\sum_{u,v,k} \\sum_{\\substack{i \\, : \\, si+u-p=a \\\\ j \\, : \\, sj+v-p=b}} ${d(`${y}_{ijk}`)} \\, ${w}_{uvck}`,
      `${d(`${w}_{uvck}`)} = \\sum_{n,i,j} ${x}_{n, \\; si+u-p, \\; sj+v-p, \\; c} \\, ${d(`${y}_{nijk}`)}`,
    ],
  },
});

/** The largest pixel of each window and channel; among equals the first. Pixels of the padding never win. */
export const maxPool: Unary<places.Window> = unary("maxPool", {
  inputs: ["x"],
  needed: ["size"],
  optional: ["stride", "padding"],
  shape: ([x], window) => pooledShape(x, pooling(window)),
  forward: ([x], window, shape) => take.rule.forward([x], winners(x, shape, pooling(window)), shape),
  vjp: (dy, [x], window, y) => [put(dy, { ...winners(x, y.shape, pooling(window)), shape: x.shape })],
  latex: {
    forward: (y, [x]) => `${y}_i = \\max_{j \\in W_i} ${x}_j`,
    vjp: (y, [x]) => [
      `${d(`${x}_j`)} = \\sum_{i} ${d(`${y}_i`)} \\, [j = \\operatorname{arg\\,max}_{k \\in W_i} ${x}_k]`,
    ],
  },
});

/** The mean of each window, channel by channel. Windows lie inside the image. */
export const averagePool: Unary<Omit<places.Window, "padding">> = unary("averagePool", {
  inputs: ["x"],
  needed: ["size"],
  optional: ["stride"],
  shape: ([x], window) => pooledShape(x, pooling(window)),
  forward: ([x], window, shape) => ({
    shape,
    data: mean(take(x, places.windowPlaces(x.shape, pooling(window))), { axes: [3] }).data,
  }),
  vjp(dy, [x], window) {
    const windows = places.windowPlaces(x.shape, pooling(window));
    const [n, rows, columns, pixels, channels] = windows.shape as [number, number, number, number, number];
    const share = scale(reshape(dy, { shape: [n, rows, columns, 1, channels] }), { factor: 1 / pixels });
    return [put(spreadTo(windows.shape, share), { places: windows.places, shape: x.shape })];
  },
  latex: {
    forward: (y, [x]) => `${y}_i = \\frac{1}{k^2} \\sum_{j \\in W_i} ${x}_j`,
    vjp: (y, [x]) => [`${d(`${x}_j`)} = \\frac{1}{k^2} \\sum_{i \\, : \\, j \\in W_i} ${d(`${y}_i`)}`],
  },
});

/** The mean of each channel of each image: [N, H, W, C] gives [N, C]. */
export const globalAveragePool: Unary = unary("globalAveragePool", {
  inputs: ["x"],
  shape: ([x]) => [places.imageShape(x)[0], places.imageShape(x)[3]],
  forward: ([x], _, shape) => mean.rule.forward([x], { axes: [1, 2] }, shape),
  vjp: (dy, inputs, _, y) => mean.rule.vjp(dy, inputs, { axes: [1, 2] }, y),
  latex: {
    forward: (y, [x]) => `${y}_c = \\frac{1}{HW} \\sum_{i,j} ${x}_{ijc}`,
    vjp: (y, [x]) => [`${d(`${x}_{ijc}`)} = \\frac{1}{HW} ${d(`${y}_c`)}`],
  },
});

// ------------------------------------------------------------------------------------------ normalisation and loss

/**
 * Batch normalisation in training: each channel (last axis) of x less its mean, over its standard deviation, times gamma [C], plus
 * beta [C]. The variance is the biased one, sum of squares over m. Ioffe and Szegedy 2015, algorithm 1.
 */
export const batchNorm: Ternary<Epsilon> = ternary("batchNorm", {
  inputs: ["x", "\\gamma", "\\beta"],
  defaults: { epsilon: 1e-5 },
  shape: ([x, gamma, beta], { epsilon }) => normShape(x, { gamma, beta }, epsilon),
  forward: ([x, gamma, beta], { epsilon }) => add(multiply(gamma, normalised(x, epsilon).u), beta),
  vjp(dy, [x, gamma], { epsilon }) {
    const { u, r } = normalised(x, epsilon);
    const axes = leading(x.shape);
    const dU = multiply(dy, gamma);
    const throughMean = mean(dU, { axes });
    const throughVariance = multiply(u, mean(multiply(dU, u), { axes }));
    const dx = multiply(r, subtract(subtract(dU, throughMean), throughVariance));
    return [dx, sum(multiply(dy, u), { axes }), sum(dy, { axes })];
  },
  latex: {
    forward: (y, [x, gamma, beta]) =>
      `${y}_i = ${gamma} \\, u_i + ${beta}, \\quad u_i = \\frac{${x}_i - \\mu}{\\sqrt{v + \\varepsilon}}`,
    vjp: (y, [x, gamma, beta]) => [
      `${d(`${x}_j`)} = \\frac{${gamma}}{\\sqrt{v + \\varepsilon}} \\left( ${d(`${y}_j`)} - \\frac{1}{m} \\sum_i ${d(`${y}_i`)} - \\frac{u_j}{m} \\sum_i ${d(`${y}_i`)} u_i \\right)`,
      `${d(gamma)} = \\sum_i ${d(`${y}_i`)} \\, u_i`,
      `${d(beta)} = \\sum_i ${d(`${y}_i`)}`,
    ],
  },
});

/** Batch normalisation in inference: with a mean [C] and a variance [C] from elsewhere. */
export const batchNormInference: Quinary<Epsilon> = quinary("batchNormInference", {
  inputs: ["x", "\\gamma", "\\beta", "\\mu", "v"],
  defaults: { epsilon: 1e-5 },
  shape([x, gamma, beta, mu, variance], { epsilon }) {
    return normShape(x, { gamma, beta, mean: mu, variance }, epsilon);
  },
  forward: ([x, gamma, beta, mu, variance], { epsilon }) =>
    add(multiply(multiply(gamma, inverseDeviation(variance, epsilon)), subtract(x, mu)), beta),
  vjp(dy, [x, gamma, , mu, variance], { epsilon }) {
    const r = inverseDeviation(variance, epsilon);
    const axes = leading(x.shape);
    const dx = multiply(dy, multiply(gamma, r));
    const centred = subtract(x, mu);
    const dR = sum(multiply(multiply(dy, gamma), centred), { axes });
    return [
      dx,
      sum(multiply(dy, multiply(centred, r)), { axes }),
      sum(dy, { axes }),
      scale(sum(dx, { axes }), { factor: -1 }),
      multiply(dR, scale(power(r, { exponent: 3 }), { factor: -1 / 2 })),
    ];
  },
  latex: {
    forward: (y, [x, gamma, beta, mu, v]) =>
      `${y}_i = ${gamma} \\frac{${x}_i - ${mu}}{\\sqrt{${v} + \\varepsilon}} + ${beta}`,
    vjp: (y, [x, gamma, beta, mu, v]) => [
      `${d(`${x}_i`)} = \\frac{${gamma}}{\\sqrt{${v} + \\varepsilon}} \\, ${d(`${y}_i`)}`,
      `${d(gamma)} = \\sum_i ${d(`${y}_i`)} \\, \\frac{${x}_i - ${mu}}{\\sqrt{${v} + \\varepsilon}}`,
      `${d(beta)} = \\sum_i ${d(`${y}_i`)}`,
      `${d(mu)} = - \\frac{${gamma}}{\\sqrt{${v} + \\varepsilon}} \\sum_i ${d(`${y}_i`)}`,
      `${d(v)} = - \\frac{${gamma}}{2 (${v} + \\varepsilon)^{3/2}} \\sum_i ${d(`${y}_i`)} \\, (${x}_i - ${mu})`,
    ],
  },
});

/** The loss of each row of logits z [N, K], in nats: -ln softmax(z)[label]. */
export const softmaxCrossEntropy: Unary<{ readonly labels: readonly number[] }> = unary(
  "softmaxCrossEntropy",
  {
    inputs: ["z"],
    needed: ["labels"],
    shape([z], { labels }) {
      const [rows, classes] = matrixShape(z, "z");
      if (labels.length !== rows)
        throw new RangeError(`there must be a label for each of the ${rows} rows of z; got ${labels.length}`);
      const wrong = labels.find((label) => !Number.isInteger(label) || label < 0 || label >= classes);
      if (wrong !== undefined)
        throw new RangeError(`labels must be classes, 0 to ${classes - 1}; got ${wrong}`);
      return [rows];
    },
    forward([z], { labels }, shape) {
      const top = largest(z);
      const shifted = subtract(z, reshape(top, { shape: [...shape, 1] }));
      const logSum = log(sum(exp(shifted), { axes: [1] }));
      return tabulate(shape, (n) => logSum.data[n]! - shifted.data[n * z.shape[1]! + labels[n]!]!);
    },
    vjp: (dy, [z], { labels }) => [
      multiply(
        subtract(
          softmax(z),
          tabulate(z.shape, (n, k) => (k === labels[n] ? 1 : 0)),
        ),
        reshape(dy, { shape: [labels.length, 1] }),
      ),
    ],
    latex: {
      forward: (y, [z]) => `${y} = \\ln \\sum_k e^{${z}_k} - ${z}_t`,
      vjp: (y, [z]) => [
        `${d(`${z}_k`)} = ${d(y)} \\, (p_k - [k = t]), \\quad p = \\operatorname{softmax}(${z})`,
      ],
    },
  },
);

/** Every operation by its name. */
export const operations = {
  add, subtract, multiply, scale, power, exp, log,
  relu, sigmoid, dropout,
  sum, mean, largest,
  reshape, take, put, transpose, concat, padChannels, subsample,
  matmul, conv2d, maxPool, averagePool, globalAveragePool,
  batchNorm, batchNormInference, softmaxCrossEntropy,
}; // prettier-ignore

/** The name of an operation. */
export type OperationName = keyof typeof operations;
