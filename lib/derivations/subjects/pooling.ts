// Pooling derived: the largest of a window, its mean, and the mean of whole images.
import { at, tabulate, type NdArray } from "../../autodiff/nd-array.js";
import { inputsOf } from "../build.js";
import { gradientOf, type Derivation, type Scope, type Slip } from "../derivation.js";
import { bracket, total } from "../formulas.js";
import { simple } from "./simple.js";
import * as operations from "../../autodiff/operations.js";
import { highest } from "../../numeric.js";

const dY = ({ gradient }: Scope): NdArray => gradient("y");
const byX = (name: string, evaluate: Slip["evaluate"]): Slip => ({ name, of: gradientOf("x"), evaluate });

/** A pooling of windows of 2 x 2, s = 2, over images [1, 4, 4, 2]. */
const images = [1, 4, 4, 2];
const pooled = [1, 2, 2, 2];
const inWindow = ([n, i, j, k]: readonly number[], [p, a, b, l]: readonly number[]): boolean =>
  n === p && k === l && Math.floor(a! / 2) === i && Math.floor(b! / 2) === j;
const windowOf = (
  x: NdArray,
  n: number,
  i: number,
  j: number,
  k: number,
): { value: number; index: number[] }[] =>
  [0, 1, 2, 3].map((t) => {
    const index = [n, 2 * i + Math.floor(t / 2), 2 * j + (t % 2), k];
    return { value: at(x, ...index), index };
  });
const winner = (x: NdArray, [n, i, j, k]: readonly number[]): string =>
  windowOf(x, n!, i!, j!, k!)
    .reduce((best, one) => (one.value > best.value ? one : best))
    .index.join();
const toWindow =
  (share: (scope: Scope, i: readonly number[], j: readonly number[]) => number) => (scope: Scope) =>
    tabulate(images, (...j) => {
      const i = [j[0]!, Math.floor(j[1]! / 2), Math.floor(j[2]! / 2), j[3]!];
      return at(dY(scope), ...i) * share(scope, i, j);
    });

/** y = the largest of each window. */
export const maxPool = (): Derivation =>
  simple({
    name: "maxPool",
    title: "Max pooling over windows W_i of 2x2",
    inputs: inputsOf({ x: images }),
    counts: { "k^2": 4 },
    program: ({ x }) => operations.maxPool(x!, { kernel: 2 }).named("y"),
    definition: {
      latex: "y_i = \\max_{j \\in W_i} x_j",
      reason: "Channel by channel.",
      evaluate: ({ value }) =>
        tabulate(pooled, (n, i, j, k) => highest(windowOf(value("x"), n, i, j, k).map((one) => one.value))),
    },
    derivatives: [
      {
        by: "x",
        derivative: "[j = \\operatorname{arg\\,max}_{k \\in W_i} x_k]",
        rule: "derivative by cases",
        reason:
          "A small change of the largest changes y_i as much; of another, nothing. At a tie there is a kink.",
        element: ({ value }, i, j) => bracket(winner(value("x"), i) === j.join()),
        result:
          "\\frac{\\partial E}{\\partial y_{i(j)}} \\, [x_j \\text{ is the largest of its window } W_{i(j)}]",
        because:
          "Windows do not overlap here, so each pixel has one window i(j), and the gradient goes to its winner.",
        evaluate: toWindow(({ value }, i, j) => bracket(winner(value("x"), i) === j.join())),
      },
    ],
    slips: [
      byX(
        "the gradient is shared by the window, as by a mean",
        toWindow(() => 1 / 4),
      ),
      byX(
        "every pixel of the window gets the gradient",
        toWindow(() => 1),
      ),
      byX(
        "the gradient goes to the first pixel of the window",
        toWindow((_, i, j) => bracket(j[1] === 2 * i[1]! && j[2] === 2 * i[2]!)),
      ),
    ],
  });

/** y = the mean of each window. */
export const averagePool = (): Derivation =>
  simple({
    name: "averagePool",
    title: "Average pooling over windows W_i of k x k pixels",
    inputs: inputsOf({ x: images }),
    counts: { "k^2": 4, k: 2 },
    program: ({ x }) => operations.averagePool(x!, { kernel: 2 }).named("y"),
    definition: {
      latex: "y_i = \\frac{1}{k^2} \\sum_{j \\in W_i} x_j",
      reason: "Channel by channel.",
      evaluate: ({ value }) =>
        tabulate(pooled, (n, i, j, k) => total(4, (t) => windowOf(value("x"), n, i, j, k)[t]!.value) / 4),
    },
    derivatives: [
      {
        by: "x",
        derivative: "\\frac{1}{k^2} [j \\in W_i]",
        rule: "derivative of a sum",
        reason: "x_j is one of the k^2 terms of its window.",
        element: (_, i, j) => bracket(inWindow(i, j)) / 4,
        result: "\\frac{1}{k^2} \\, \\frac{\\partial E}{\\partial y_{i(j)}}",
        because: "Each pixel lies in one window i(j), and gets its share.",
        evaluate: toWindow(() => 1 / 4),
      },
    ],
    slips: [
      byX(
        "the window's 1/k^2 is missing",
        toWindow(() => 1),
      ),
      byX(
        "the share is 1/k, not 1/k^2",
        toWindow(() => 1 / 2),
      ),
    ],
  });

/** y = the mean of each channel of each image. */
export const globalAveragePool = (): Derivation => {
  const back = (share: number) => (scope: Scope) =>
    tabulate(images, (n, _, __, c) => at(dY(scope), n, c) * share);
  return simple({
    name: "globalAveragePool",
    title: "Global average pooling of images of H x W pixels",
    inputs: inputsOf({ x: images }),
    counts: { HW: 16, H: 4 },
    program: ({ x }) => operations.globalAveragePool(x!).named("y"),
    definition: {
      latex: "y_{nk} = \\frac{1}{HW} \\sum_{i,j} x_{nijk}",
      reason: "One number for each channel of each image.",
      evaluate: ({ value }) =>
        tabulate([1, 2], (n, k) => total(4, (i) => total(4, (j) => at(value("x"), n, i, j, k))) / 16),
    },
    derivatives: [
      {
        by: "x",
        indices: ["nk", "pijl"],
        derivative: "\\frac{1}{HW} [n = p] \\, [k = l]",
        rule: "derivative of a sum",
        reason: "Each pixel is one of the H W terms of its channel.",
        element: (_, [n, k], [p, , , l]) => bracket(n === p && k === l) / 16,
        result: "\\frac{1}{HW} \\, \\frac{\\partial E}{\\partial y_{pl}}",
        because: "Every pixel of the channel gets the same share.",
        evaluate: back(1 / 16),
      },
    ],
    slips: [byX("the 1/HW is missing", back(1)), byX("the share is 1/H: one side only", back(1 / 4))],
  });
};
