// Batch normalisation in training and in inference.
import { numberWithin } from "../../options.js";
import { asArray, shapeText, sizeOf, type Operand, type Shape } from "../nd-array.js";
import { quinary, ternary, type Quinary, type Ternary } from "../operation.js";
import { add, multiply, scale, subtract, sum } from "./arithmetic.js";
import { power } from "./elementwise.js";
import { d, required } from "./parts.js";
import { mean } from "./reductions.js";

/** What batch normalisation adds to the variance. */
export interface Epsilon {
  /** Default: 1e-5. */
  readonly epsilon?: number;
}

/**
 * Batch normalisation in training: each channel (last axis) of x less its mean, over its standard deviation, times gamma [C], plus
 * beta [C]. The variance is the biased one, sum of squares over m. Ioffe and Szegedy 2015, algorithm 1.
 *
 * @example
 * ```ts
 * const x = autodiff.array([1, 3], [2, 1, 1, 1]); // [N, H, W, C]
 * autodiff.batchNorm(x, autodiff.array([2]), autodiff.array([10]), { epsilon: 0 }); // [[[[8]]], [[[12]]]]
 * ```
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

/**
 * Batch normalisation in inference: with a mean [C] and a variance [C] from elsewhere.
 *
 * @example
 * ```ts
 * const x = autodiff.array([5, 7], [2, 1, 1, 1]); // [N, H, W, C]
 * const [scale, shift, mean, variance] = [2, 10, 1, 4].map((value) => autodiff.array([value]));
 * autodiff.batchNormInference(x, scale, shift, mean, variance, { epsilon: 0 }); // [[[[14]]], [[[16]]]]
 * ```
 */
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

export function normShape(x: Shape, vectors: Readonly<Record<string, Shape>>, epsilon: number): Shape {
  numberWithin("epsilon", epsilon, 0, Infinity);
  if (sizeOf(x) <= x.at(-1)!)
    throw new RangeError(`x must have at least two values a channel; got shape ${shapeText(x)}`);
  for (const [what, shape] of Object.entries(vectors)) required([x.at(-1)!], shape, what);
  return x;
}
