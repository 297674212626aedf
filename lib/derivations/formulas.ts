// Sums over indices, written as the formulas say them: what lines are evaluated with. Shares no code with the tape's rules.
import { at, tabulate, type NdArray, type Shape } from "../autodiff/nd-array.js";

/** The sum of a term for i = 0, …, count - 1. */
export function total(count: number, term: (i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += term(i);
  return sum;
}

/** 1 if the condition holds, else 0: the bracket of Iverson, which formulas write as [condition]. */
export const bracket = (condition: boolean): number => (condition ? 1 : 0);

/** f(x) for each number. */
export function map(x: NdArray, f: (value: number, flat: number) => number): NdArray {
  return { shape: x.shape, data: x.data.map(f) };
}

/** The chain rule: sum over all elements i of y of dE/dy_i dy_i/dx_j, for each element j of x. */
export function contract(dy: NdArray, jacobian: NdArray): NdArray {
  const shape = jacobian.shape.slice(dy.shape.length);
  const count = jacobian.data.length / dy.data.length;
  const data = Float64Array.from({ length: count }, (_, j) =>
    total(dy.data.length, (i) => dy.data[i]! * jacobian.data[i * count + j]!),
  );
  return { shape, data };
}

/** The product of two matrices. */
export function product(a: NdArray, b: NdArray): NdArray {
  return tabulate([a.shape[0]!, b.shape[1]!], (i, j) => total(a.shape[1]!, (k) => at(a, i, k) * at(b, k, j)));
}

/** Rows as columns. */
export const flipped = (a: NdArray): NdArray => tabulate([a.shape[1]!, a.shape[0]!], (i, j) => at(a, j, i));

/** a + b, of one shape. */
export const plus = (a: NdArray, b: NdArray): NdArray => map(a, (value, i) => value + b.data[i]!);

/** a b, element by element, of one shape. */
export const times = (a: NdArray, b: NdArray): NdArray => map(a, (value, i) => value * b.data[i]!);

/** The pixel, or 0 in the padding. */
export function pixel(x: NdArray, n: number, i: number, j: number, c: number): number {
  const inside = i >= 0 && j >= 0 && i < x.shape[1]! && j < x.shape[2]!;
  return inside ? at(x, n, i, j, c) : 0;
}

/** How a convolution slides. */
export interface Sliding {
  readonly stride: number;
  readonly padding: number;
}

/** y_nijk = sum over u, v, c of x_{n, si+u-p, sj+v-p, c} W_uvck. */
export function convolved(x: NdArray, w: NdArray, { stride: s, padding: p }: Sliding): NdArray {
  const [size, , channels, out] = w.shape as readonly [number, number, number, number];
  const side = (length: number) => Math.floor((length + 2 * p - size) / s) + 1;
  return tabulate([x.shape[0]!, side(x.shape[1]!), side(x.shape[2]!), out], (n, i, j, k) =>
    total(size, (u) =>
      total(size, (v) =>
        total(channels, (c) => pixel(x, n, s * i + u - p, s * j + v - p, c) * at(w, u, v, c, k)),
      ),
    ),
  );
}

/** dE/dx_nabc: the sum over all u, v, k and those i, j for which si+u-p = a and sj+v-p = b, of dE/dy_nijk W_uvck. */
export function convolvedBack(
  dy: NdArray,
  w: NdArray,
  x: Shape,
  { stride: s, padding: p }: Sliding,
): NdArray {
  const [size, , , out] = w.shape as readonly [number, number, number, number];
  return tabulate(x, (n, a, b, c) =>
    total(size, (u) =>
      total(size, (v) => {
        const [i, j] = [(a - u + p) / s, (b - v + p) / s];
        const whole = Number.isInteger(i) && Number.isInteger(j);
        return whole ? total(out, (k) => pixel(dy, n, i, j, k) * at(w, u, v, c, k)) : 0;
      }),
    ),
  );
}

/** dE/dW_uvck: the sum over n, i, j of x_{n, si+u-p, sj+v-p, c} dE/dy_nijk. */
export function correlated(x: NdArray, dy: NdArray, w: Shape, { stride: s, padding: p }: Sliding): NdArray {
  const [count, rows, columns] = dy.shape as readonly [number, number, number];
  return tabulate(w, (u, v, c, k) =>
    total(count, (n) =>
      total(rows, (i) =>
        total(columns, (j) => pixel(x, n, s * i + u - p, s * j + v - p, c) * at(dy, n, i, j, k)),
      ),
    ),
  );
}

/** Mean, inverse deviation and normalised values of each channel (last axis) of x, with m values a channel. */
export function normal(x: NdArray, epsilon: number) {
  const channels = x.shape.at(-1)!;
  const m = x.data.length / channels;
  const mu = channelSums(x, (value) => value / m);
  const v = channelSums(x, (value, c) => (value - mu[c]!) ** 2 / m);
  const r = v.map((variance) => 1 / Math.sqrt(variance + epsilon));
  const u = map(x, (value, flat) => (value - mu[flat % channels]!) * r[flat % channels]!);
  return { m, mu, v, r, u };
}

/** The sum over each channel of a term of its values. */
export function channelSums(
  x: NdArray,
  term: (value: number, channel: number, flat: number) => number,
): number[] {
  const channels = x.shape.at(-1)!;
  const sums = new Array<number>(channels).fill(0);
  x.data.forEach((value, flat) => (sums[flat % channels]! += term(value, flat % channels, flat)));
  return sums;
}

/** gamma u + beta, channel by channel. */
export function normalised(x: NdArray, gamma: NdArray, beta: NdArray, epsilon: number): NdArray {
  const { u } = normal(x, epsilon);
  const channels = gamma.data.length;
  return map(u, (value, flat) => gamma.data[flat % channels]! * value + beta.data[flat % channels]!);
}

/** The three terms: gamma r (dy_j - mean of dy - u_j mean of dy u), channel by channel. */
export function normalisedBack(x: NdArray, gamma: NdArray, dy: NdArray, epsilon: number): NdArray {
  const { m, r, u } = normal(x, epsilon);
  const channels = gamma.data.length;
  const first = channelSums(dy, (value) => value / m);
  const second = channelSums(dy, (value, _, flat) => (value * u.data[flat]!) / m);
  return map(dy, (value, flat) => {
    const c = flat % channels;
    return gamma.data[c]! * r[c]! * (value - first[c]! - u.data[flat]! * second[c]!);
  });
}

/** A vector as an array. */
export const vector = (values: readonly number[]): NdArray => ({
  shape: [values.length],
  data: Float64Array.from(values),
});
