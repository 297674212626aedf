// Products of matrices, and what slides over images [N, H, W, C]: convolution and pooling.
import { asArray, shapeText, sizeOf, type NdArray, type Operand, type Shape } from "../nd-array.js";
import { binary, unary, type Binary, type Unary } from "../operation.js";
import * as places from "../places.js";
import { scale, spreadTo } from "./arithmetic.js";
import { gather, reshape, scatterAdd, transpose } from "./moving.js";
import { d, matrixShape } from "./parts.js";
import { mean, winnersOf } from "./reductions.js";

/** How a convolution slides. */
export interface Slide {
  /** Default: 1. */
  readonly stride?: number;
  /** Zeros on each side. Default: 0. */
  readonly padding?: number;
}

/**
 * The product of two matrices.
 *
 * @example
 * ```ts
 * autodiff.matmul(
 *   autodiff.array([
 *     [1, 2],
 *     [3, 4],
 *   ]),
 *   autodiff.array([[1], [10]]),
 * ); // [[21], [43]]
 * ```
 */
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
 *
 * @example
 * ```ts
 * const image = autodiff.array([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]); // [N, H, W, C]
 * const kernel = autodiff.full([2, 2, 1, 1], 1); // [K, K, C, C']
 * autodiff.conv2d(image, kernel); // [[[[12], [16]], [[24], [28]]]]
 * ```
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
    return [x[0]!, ...places.outputSides(x, { kernel: w[0]!, ...slide }), w[3]!];
  },
  forward: ([x, w], slide, shape) => {
    const y = matmul(windowRows(x, w.shape, slide), filterMatrix(w));
    return { shape, data: y.data };
  },
  vjp(dy, [x, w], slide) {
    const dRows = reshape(dy, { shape: [sizeOf(dy.shape) / w.shape[3]!, w.shape[3]!] });
    const dWindows = matmul(dRows, transpose(filterMatrix(w)));
    const dFilter = matmul(transpose(windowRows(x, w.shape, slide)), dRows);
    const { places: from } = places.windowPlaces(x.shape, { kernel: w.shape[0]!, ...slide });
    return [scatterAdd(dWindows, { places: from, shape: x.shape }), reshape(dFilter, { shape: w.shape })];
  },
  latex: {
    forward: (y, [x, w]) => `${y}_{ijk} = \\sum_{u,v,c} ${x}_{si+u-p, \\; sj+v-p, \\; c} \\, ${w}_{uvck}`,
    vjp: (y, [x, w]) => [
      `${d(`${x}_{abc}`)} = \\sum_{u,v,k} \\sum_{\\substack{i \\, : \\, si+u-p=a \\\\ j \\, : \\, sj+v-p=b}} ${d(`${y}_{ijk}`)} \\, ${w}_{uvck}`,
      `${d(`${w}_{uvck}`)} = \\sum_{n,i,j} ${x}_{n, \\; si+u-p, \\; sj+v-p, \\; c} \\, ${d(`${y}_{nijk}`)}`,
    ],
  },
});

/**
 * The largest pixel of each window and channel; among equals the first. Pixels of the padding never win.
 *
 * @example
 * ```ts
 * autodiff.maxPool(autodiff.array([1, 2, 3, 4], [1, 2, 2, 1]), { kernel: 2 }); // [[[[4]]]]
 * ```
 */
export const maxPool: Unary<places.Window> = unary("maxPool", {
  inputs: ["x"],
  needed: ["kernel"],
  optional: ["stride", "padding"],
  shape: ([x], window) => pooledShape(x, pooling(window)),
  forward: ([x], window, shape) => gather.rule.forward([x], winners(x, shape, pooling(window)), shape),
  vjp: (dy, [x], window, y) => [scatterAdd(dy, { ...winners(x, y.shape, pooling(window)), shape: x.shape })],
  latex: {
    forward: (y, [x]) => `${y}_i = \\max_{j \\in W_i} ${x}_j`,
    vjp: (y, [x]) => [
      `${d(`${x}_j`)} = \\sum_{i} ${d(`${y}_i`)} \\, [j = \\operatorname{arg\\,max}_{k \\in W_i} ${x}_k]`,
    ],
  },
});

/**
 * The mean of each window, channel by channel. Windows lie inside the image.
 *
 * @example
 * ```ts
 * autodiff.averagePool(autodiff.array([1, 2, 3, 4], [1, 2, 2, 1]), { kernel: 2 }); // [[[[2.5]]]]
 * ```
 */
export const averagePool: Unary<Omit<places.Window, "padding">> = unary("averagePool", {
  inputs: ["x"],
  needed: ["kernel"],
  optional: ["stride"],
  shape: ([x], window) => pooledShape(x, pooling(window)),
  forward: ([x], window, shape) => ({
    shape,
    data: mean(gather(x, places.windowPlaces(x.shape, pooling(window))), { axes: [3] }).data,
  }),
  vjp(dy, [x], window) {
    const windows = places.windowPlaces(x.shape, pooling(window));
    const [n, rows, columns, pixels, channels] = windows.shape as [number, number, number, number, number];
    const share = scale(reshape(dy, { shape: [n, rows, columns, 1, channels] }), { factor: 1 / pixels });
    return [scatterAdd(spreadTo(windows.shape, share), { places: windows.places, shape: x.shape })];
  },
  latex: {
    forward: (y, [x]) => `${y}_i = \\frac{1}{k^2} \\sum_{j \\in W_i} ${x}_j`,
    vjp: (y, [x]) => [`${d(`${x}_j`)} = \\frac{1}{k^2} \\sum_{i \\, : \\, j \\in W_i} ${d(`${y}_i`)}`],
  },
});

/**
 * The mean of each channel of each image: [N, H, W, C] gives [N, C].
 *
 * @example
 * ```ts
 * autodiff.globalAveragePool(autodiff.array([1, 10, 3, 30], [1, 2, 1, 2])); // [[2, 20]]
 * ```
 */
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

export function windowRows(x: Operand, [kernel, , channels]: Shape, slide: Required<Slide>) {
  const windows = places.windowPlaces(asArray(x).shape, { kernel: kernel!, ...slide });
  const columns = kernel! * kernel! * channels!;
  return gather(x, { places: windows.places, shape: [windows.places.length / columns, columns] });
}

export function filterMatrix(w: Operand) {
  const { shape } = asArray(w);
  return reshape(w, { shape: [shape[0]! * shape[1]! * shape[2]!, shape[3]!] });
}

export const pooling = ({ kernel, stride = kernel, padding = 0 }: places.Window): Required<places.Window> => ({ kernel, stride, padding }); // prettier-ignore

export function pooledShape(x: Shape, window: Required<places.Window>): Shape {
  if (window.padding >= window.kernel)
    throw new RangeError(`padding must be less than the kernel of ${window.kernel}; got ${window.padding}`);
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
