// Functions of each number alone: powers, exponentials and logarithms, activations, and dropout's mask.
import { zip } from "../broadcast.js";
import { finite } from "../../options.js";
import type { NdArray } from "../nd-array.js";
import { unary, type Unary } from "../operation.js";
import { multiply, scale, subtract } from "./arithmetic.js";
import { d, each, required } from "./parts.js";

/**
 * x to a constant power, element by element.
 *
 * @example
 * ```ts
 * autodiff.power(autodiff.array([1, 2, 3]), { exponent: 2 }); // [1, 4, 9]
 * ```
 */
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

/**
 * The exponential, element by element.
 *
 * @example
 * ```ts
 * autodiff.exp(autodiff.array([0, 1])); // [1, 2.7183]
 * ```
 */
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

/**
 * The natural logarithm, element by element.
 *
 * @example
 * ```ts
 * autodiff.log(autodiff.array([1, Math.E])); // [0, 1]
 * ```
 */
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

/**
 * max(x, 0), element by element; the derivative at 0 is taken to be 0.
 *
 * @example
 * ```ts
 * autodiff.relu(autodiff.array([-1, 0, 2])); // [0, 0, 2]
 * autodiff.grad((x) => autodiff.sum(autodiff.relu(x)))(autodiff.array([-1, 0, 2]))[0]; // [0, 0, 1]
 * ```
 */
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

/**
 * 1 / (1 + exp(-x)), element by element.
 *
 * @example
 * ```ts
 * autodiff.sigmoid(autodiff.array([0, Math.log(3)])); // [0.5, 0.75]
 * ```
 */
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

/**
 * x with the elements where the mask is 0 dropped and the others divided by `keep`, the share that is kept.
 *
 * @example
 * ```ts
 * autodiff.dropout(autodiff.array([1, 2, 3]), { mask: autodiff.array([1, 0, 1]), keep: 0.5 }); // [2, 0, 6]
 * ```
 */
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
