// The mean and the maximum: what is left of an axis. Their sum is beside the addition.
import { sizeOf, type NdArray, type Shape } from "../nd-array.js";
import { unary, type Unary } from "../operation.js";
import type * as places from "../places.js";
import { scale, sum, type Axes } from "./arithmetic.js";
import { gather, scatterAdd } from "./moving.js";
import { d, each, required } from "./parts.js";

/**
 * The mean over the given axes, which are left out of the result.
 *
 * @example
 * ```ts
 * autodiff.mean(
 *   autodiff.array([
 *     [1, 2],
 *     [3, 4],
 *   ]),
 *   { axes: [1] },
 * ); // [1.5, 3.5]
 * ```
 */
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

/**
 * The maximum along the last axis, which is left out; among equals the first.
 *
 * @example
 * ```ts
 * autodiff.max(
 *   autodiff.array([
 *     [1, 5, 2],
 *     [4, 3, 0],
 *   ]),
 * ); // [5, 4]
 * ```
 */
export const max: Unary = unary("max", {
  inputs: ["x"],
  shape: ([x]) => (x.length > 0 ? x.slice(0, -1) : [...required(x, [1], "x")]),
  forward: ([x], _, shape) => gather.rule.forward([x], maxPlaces(x, shape), shape),
  vjp: (dy, [x], _, y) => [scatterAdd(dy, { ...maxPlaces(x, y.shape), shape: x.shape })],
  latex: {
    forward: (y, [x]) => `${y} = \\max_k ${x}_k`,
    vjp: (y, [x]) => [`${d(`${x}_k`)} = ${d(y)} \\, [k = \\operatorname{arg\\,max}_j ${x}_j]`],
  },
});

export function maxPlaces(x: NdArray, shape: Shape): places.Places {
  const length = x.shape.at(-1)!;
  return winnersOf(x, shape, length, (i, k) => i * length + k);
}

/** Among the `count` candidates of each element i, the place of the first that is largest. */
export function winnersOf(
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
