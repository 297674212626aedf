// Operations that add up or move elements derived: sum, mean, reshape, concat, channel padding, subsampling.
import { at, indexOf, tabulate, type NdArray, type Shape } from "../../autodiff/nd-array.js";
import { inputsOf } from "../build.js";
import { gradientOf, type Derivation, type Scope, type Slip } from "../derivation.js";
import { bracket, map, total } from "../formulas.js";
import { simple, type SimpleOperation } from "./simple.js";
import * as operations from "../../autodiff/operations.js";

const number = (value: number): NdArray => ({ shape: [], data: Float64Array.of(value) });
const all = (x: NdArray): number => total(x.data.length, (i) => x.data[i]!);
const dY = ({ gradient }: Scope): NdArray => gradient("y");
const everywhere = (shape: Shape, value: number): NdArray => tabulate(shape, () => value);
const byX = (name: string, evaluate: Slip["evaluate"]): Slip => ({ name, of: gradientOf("x"), evaluate });

const matrix = [3, 2];
const m = 6;

/** y = the sum of x. */
export const sum = (): Derivation =>
  simple({
    name: "sum",
    title: "The sum of all elements",
    inputs: inputsOf({ x: matrix }),
    counts: { m },
    program: ({ x }) => operations.multiply(operations.sum(x!).named("y"), 1.3),
    definition: {
      latex: "y = \\sum_k x_k",
      reason: "All elements into one number.",
      evaluate: ({ value }) => number(all(value("x"))),
    },
    derivatives: [
      {
        by: "x",
        indices: ["", "j"],
        derivative: "1",
        rule: "derivative of a sum",
        reason: "x_j is one of the terms.",
        element: () => 1,
        result: "\\frac{\\partial E}{\\partial y}",
        because: "One term: every element gets the same gradient.",
        evaluate: (scope) => everywhere(matrix, dY(scope).data[0]!),
      },
    ],
    slips: [
      byX("the gradient is divided among the elements, as by a mean", (scope) =>
        everywhere(matrix, dY(scope).data[0]! / m),
      ),
      byX("the gradient is weighed by the element", (scope) =>
        map(scope.value("x"), (x) => x * dY(scope).data[0]!),
      ),
    ],
  });

/** y = the mean of x. */
export const mean = (): Derivation =>
  simple({
    name: "mean",
    title: "The mean of all m elements",
    inputs: inputsOf({ x: matrix }),
    counts: { m, "(m-1)": m - 1 },
    program: ({ x }) => operations.multiply(operations.mean(x!).named("y"), 1.3),
    definition: {
      latex: "y = \\frac{1}{m} \\sum_k x_k",
      reason: "The sum over the number of elements.",
      evaluate: ({ value }) => number(all(value("x")) / m),
    },
    derivatives: [
      {
        by: "x",
        indices: ["", "j"],
        derivative: "\\frac{1}{m}",
        rule: "derivative of a sum",
        reason: "x_j is one of the terms, and each has the factor 1/m.",
        element: () => 1 / m,
        result: "\\frac{1}{m} \\, \\frac{\\partial E}{\\partial y}",
        because: "One term: the gradient is shared out evenly.",
        evaluate: (scope) => everywhere(matrix, dY(scope).data[0]! / m),
      },
    ],
    slips: [
      byX("the mean's 1/m is missing", (scope) => everywhere(matrix, dY(scope).data[0]!)),
      byX("the divisor is m - 1", (scope) => everywhere(matrix, dY(scope).data[0]! / (m - 1))),
      byX("the divisor is the number of rows, not of elements", (scope) =>
        everywhere(matrix, dY(scope).data[0]! / 3),
      ),
    ],
  });

/** An operation whose outputs are single elements of x, or nothing: y_i = x_p(i). */
function moved(
  parts: Omit<SimpleOperation, "definition" | "derivatives" | "inputs"> & {
    readonly x: Shape;
    readonly latex: string;
    readonly reason: string;
    /** The index in x of the element at index i of y; undefined where y is 0. */
    readonly from: (i: readonly number[]) => readonly number[] | undefined;
    readonly y: Shape;
    readonly derivative: string;
    readonly indices: readonly [string, string];
    readonly result: string;
    readonly because: string;
  },
): Derivation {
  const { x, latex, reason, from, y, derivative, indices, result, because, ...rest } = parts;
  return simple({
    ...rest,
    inputs: inputsOf({ x }),
    definition: {
      latex,
      reason,
      evaluate: ({ value }) => tabulate(y, (...i) => elementAt(value("x"), from(i))),
    },
    derivatives: [
      {
        by: "x",
        indices,
        derivative,
        rule: "derivative of a copy",
        reason: "An output is one element of x, or the constant 0.",
        element: (_, i, j) => bracket(from(i)?.join() === j.join()),
        result,
        because,
        evaluate: (scope) => backTo(x, dY(scope), from),
      },
    ],
  });
}

const elementAt = (x: NdArray, index: readonly number[] | undefined): number => (index ? at(x, ...index) : 0);

/** Each element of dy, back at the place that its output was taken from. */
function backTo(
  x: Shape,
  dy: NdArray,
  from: (i: readonly number[]) => readonly number[] | undefined,
): NdArray {
  return tabulate(x, (...j) =>
    total(
      dy.data.length,
      (flat) => bracket(from(indexOf(flat, dy.shape))?.join() === j.join()) * dy.data[flat]!,
    ),
  );
}

/** y = x in another shape. */
export const reshape = (): Derivation =>
  moved({
    name: "reshape",
    title: "Reshaping, from [3, 2] to [2, 3]",
    program: ({ x }) => operations.reshape(x!, { shape: [2, 3] }).named("y"),
    x: [3, 2],
    y: [2, 3],
    latex: "y_{ij} = x_{kl} \\quad \\text{where} \\quad 3i + j = 2k + l",
    reason: "Elements keep their order, row by row.",
    from: ([i, j]) => indexOf(3 * i! + j!, [3, 2]),
    indices: ["ij", "kl"],
    derivative: "[3i + j = 2k + l]",
    result: "\\frac{\\partial E}{\\partial y_{ij}} \\quad \\text{where} \\quad 3i + j = 2k + l",
    because: "One output holds x_kl: the gradient is reshaped back.",
    slips: [
      byX("the gradient is transposed, where it is reshaped", (scope) =>
        tabulate([3, 2], (k, l) => at(dY(scope), l, k)),
      ),
    ],
  });

/** y = x with channels of zeros behind. */
export const padChannels = (): Derivation =>
  moved({
    name: "padChannels",
    title: "Channels of zeros behind the c channels of x: half of option A",
    program: ({ x }) => operations.padChannels(x!, { added: 2 }).named("y"),
    x: [3, 2],
    y: [3, 4],
    latex: "y_{nk} = x_{nk} \\text{ for } k \\le c, \\quad y_{nk} = 0 \\text{ for } k > c",
    reason: "Channels are counted from 1; the added ones hold nothing of x.",
    from: ([n, k]) => (k! < 2 ? [n!, k!] : undefined),
    indices: ["nk", "pl"],
    derivative: "[n = p] \\, [k = l]",
    result: "\\frac{\\partial E}{\\partial y_{pl}}, \\quad l \\le c",
    because: "What arrives at the zeros goes nowhere.",
    slips: [
      byX("the gradient is taken from the channels of zeros", (scope) =>
        tabulate([3, 2], (n, k) => at(dY(scope), n, k + 2)),
      ),
      byX("what arrives at the zeros is added", (scope) =>
        tabulate([3, 2], (n, k) => at(dY(scope), n, k) + at(dY(scope), n, k + 2)),
      ),
    ],
  });

/** y = every second row and column. */
export const subsample = (): Derivation =>
  moved({
    name: "subsample",
    title: "Every s-th row and column: the other half of option A",
    program: ({ x }) => operations.subsample(x!, { stride: 2 }).named("y"),
    x: [1, 4, 3, 2],
    y: [1, 2, 2, 2],
    latex: "y_{nijk} = x_{n, \\, si, \\, sj, \\, k}",
    reason: "Rows and columns are counted from 0.",
    from: ([n, i, j, k]) => [n!, 2 * i!, 2 * j!, k!],
    indices: ["nijk", "nabk"],
    derivative: "[a = si] \\, [b = sj]",
    result: "[s \\mid a] \\, [s \\mid b] \\, \\frac{\\partial E}{\\partial y_{n, \\, a/s, \\, b/s, \\, k}}",
    because: "Pixels that were taken get their gradient, the others 0.",
    slips: [
      byX("the gradient is spread over the pixels that were left out", (scope) =>
        tabulate([1, 4, 3, 2], (n, a, b, k) => at(dY(scope), n, Math.floor(a / 2), Math.floor(b / 2), k)),
      ),
      byX("the stride is forgotten: the gradient goes to the first pixels", (scope) =>
        tabulate([1, 4, 3, 2], (n, a, b, k) => (a < 2 && b < 2 ? at(dY(scope), n, a, b, k) : 0)),
      ),
    ],
  });

/** y = [a, b]. */
export const concat = (): Derivation => {
  const [ca, cb] = [2, 3];
  const part = (start: number, width: number) => (scope: Scope) =>
    tabulate([3, width], (n, k) => at(dY(scope), n, (start + k) % (ca + cb)));
  return simple({
    name: "concat",
    title: "Concatenation of channels: c_a of a, then those of b",
    inputs: inputsOf({ a: [3, ca], b: [3, cb] }),
    program: ({ a, b }) => operations.concat(a!, b!).named("y"),
    definition: {
      latex:
        "y_{nk} = a_{nk} \\text{ for } k \\le c_a, \\quad y_{nk} = b_{n, \\, k - c_a} \\text{ for } k > c_a",
      reason: "One behind the other; channels are counted from 1.",
      evaluate: ({ value }) =>
        tabulate([3, ca + cb], (n, k) => (k < ca ? at(value("a"), n, k) : at(value("b"), n, k - ca))),
    },
    derivatives: [
      {
        by: "a",
        indices: ["nk", "pl"],
        derivative: "[n = p] \\, [k = l]",
        rule: "derivative of a copy",
        reason: "a_pl is output l of row p, and no other.",
        element: (_, [n, k], [p, l]) => bracket(n === p && k === l),
        result: "\\frac{\\partial E}{\\partial y_{pl}}",
        because: "The first c_a channels of the gradient are a's.",
        evaluate: part(0, ca),
      },
      {
        by: "b",
        indices: ["nk", "pl"],
        derivative: "[n = p] \\, [k = c_a + l]",
        rule: "derivative of a copy",
        reason: "b_pl is output c_a + l.",
        element: (_, [n, k], [p, l]) => bracket(n === p && k === ca + l!),
        result: "\\frac{\\partial E}{\\partial y_{p, \\, c_a + l}}",
        because: "The channels behind c_a are b's.",
        evaluate: part(ca, cb),
      },
    ],
    slips: [
      { name: "the two parts are exchanged", of: gradientOf("b"), evaluate: part(0, cb) },
      { name: "the boundary is off by one channel", of: gradientOf("b"), evaluate: part(ca - 1, cb) },
    ],
  });
};
