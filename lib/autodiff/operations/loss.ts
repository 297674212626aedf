// Softmax, and the loss of a classifier.
import { asArray, tabulate, type Operand, type Shape } from "../nd-array.js";
import { unary, type Unary } from "../operation.js";
import type { Value } from "../value.js";
import { multiply, subtract, sum } from "./arithmetic.js";
import { exp, log, power } from "./elementwise.js";
import { reshape } from "./moving.js";
import { d, matrixShape } from "./parts.js";
import { max } from "./reductions.js";

/**
 * Softmax of each row of z [N, K]. Written in operations.
 *
 * @example
 * ```ts
 * autodiff.softmax(
 *   autodiff.array([
 *     [0, 0],
 *     [0, Math.log(3)],
 *   ]),
 * ); // [[0.5, 0.5], [0.25, 0.75]]
 * ```
 */
export function softmax(z: Operand): Value {
  const { shape } = asArray(z);
  // Softmax does not change when a constant is subtracted from a row: the largest keeps exp from overflowing.
  const rows: Shape = [shape[0]!, 1];
  const top = max({ shape, data: asArray(z).data });
  const e = exp(subtract(z, reshape(top, { shape: rows })));
  return multiply(e, power(reshape(sum(e, { axes: [1] }), { shape: rows }), { exponent: -1 }));
}

/**
 * The loss of each row of logits z [N, K], in nats: -ln softmax(z)[label].
 *
 * @example
 * ```ts
 * autodiff.softmaxCrossEntropy(
 *   autodiff.array([
 *     [0, 0],
 *     [0, Math.log(3)],
 *   ]),
 *   { labels: [0, 1] },
 * ); // [0.69315, 0.28768]
 * ```
 */
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
      const top = max(z);
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
