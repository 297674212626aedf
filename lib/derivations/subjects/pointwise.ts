// Operations of each number alone derived: scale, ReLU, sigmoid, dropout.
import { at, tabulate, type NdArray } from "../../autodiff/nd-array.js";
import { inputsOf, jacobianLine, partial } from "../build.js";
import { gradientOf, type Derivation, type Scope } from "../derivation.js";
import { bracket, map } from "../formulas.js";
import { simple, type Derivative } from "./simple.js";
import * as operations from "../../autodiff/operations.js";

const [rows, columns] = [3, 2];
const x = [rows, columns];
const same = (i: readonly number[], j: readonly number[]): number => bracket(i.join() === j.join());
const keeps = "The bracket keeps i = j.";

/** An operation of each number alone: y_i = f(x_i). */
interface Pointwise {
  readonly name: keyof typeof operations.operations;
  readonly title: string;
  readonly y: (x: Parameters<typeof operations.relu>[0]) => ReturnType<typeof operations.relu>;
  readonly latex: string;
  readonly reason: string;
  /** f of element number `flat`. */
  readonly f: (value: number, flat: number) => number;
  /** f' in LaTeX, at i. */
  readonly slope: (index: string) => string;
  readonly rule: string;
  readonly why: string;
  readonly df: (scope: Scope, value: number, flat: number) => number;
  readonly further?: Derivative["further"];
  readonly slips: readonly {
    readonly name: string;
    readonly df: (scope: Scope, value: number, flat: number) => number;
  }[];
}

function pointwise({
  name,
  title,
  y,
  latex,
  reason,
  f,
  slope,
  rule,
  why,
  df,
  further,
  slips,
}: Pointwise): Derivation {
  const weighed =
    (factor: typeof df) =>
    (scope: Scope): NdArray =>
      map(scope.gradient("y"), (dy, flat) => dy * factor(scope, scope.value("x").data[flat]!, flat));
  const flatOf = ([row, column]: readonly number[]) => row! * columns + column!;
  return simple({
    name,
    title,
    inputs: inputsOf({ x }),
    program: ({ x }) => y(x!).named("y"),
    definition: { latex, reason, evaluate: ({ value }) => map(value("x"), f) },
    derivatives: [
      {
        by: "x",
        derivative: `[i = j] \\, ${slope("i")}`,
        rule,
        reason: why,
        element: (scope, i, j) => same(i, j) * df(scope, at(scope.value("x"), ...i), flatOf(i)),
        ...(further && { further }),
        result: `\\frac{\\partial E}{\\partial y_j} \\, ${slope("j")}`,
        because: keeps,
        evaluate: weighed(df),
      },
    ],
    slips: slips.map((slip) => ({ name: slip.name, of: gradientOf("x"), evaluate: weighed(slip.df) })),
  });
}

const factor = -1.7;
/** y = lambda x. */
export const scale = (): Derivation =>
  pointwise({
    name: "scale",
    title: "Scaling by a constant",
    y: (x) => operations.scale(x, { factor }),
    latex: "y_i = \\lambda \\, x_i",
    reason: "lambda is the same for all elements, and not learned.",
    f: (x) => factor * x,
    slope: () => "\\lambda",
    rule: "derivative of a line",
    why: "A constant factor stays.",
    df: () => factor,
    slips: [
      { name: "the factor is divided by", df: () => 1 / factor },
      { name: "the factor is forgotten", df: () => 1 },
    ],
  });

/** y = max(x, 0). */
export const relu = (): Derivation =>
  pointwise({
    name: "relu",
    title: "The rectifier",
    y: operations.relu,
    latex: "y_i = \\max(x_i, 0)",
    reason: "Negative values become 0.",
    f: (x) => Math.max(x, 0),
    slope: (i) => `[x_${i} > 0]`,
    rule: "derivative by cases",
    why: "Slope 1 where x is positive, 0 where it is negative. At 0 there is a kink, and 0 is taken by agreement.",
    df: (_, x) => bracket(x > 0),
    slips: [
      { name: "the mask is forgotten", df: () => 1 },
      { name: "the mask is turned round", df: (_, x) => bracket(x <= 0) },
      {
        name: "the mask is taken from the output's gradient, where it is from the input",
        df: ({ gradient }, _, flat) => bracket(gradient("y").data[flat]! > 0),
      },
      { name: "the input itself stands in place of the mask", df: (_, x) => Math.max(x, 0) },
    ],
  });

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
/** y = 1 / (1 + exp(-x)). */
export const sigmoid = (): Derivation =>
  pointwise({
    name: "sigmoid",
    title: "The logistic function",
    y: operations.sigmoid,
    latex: "y_i = \\frac{1}{1 + e^{-x_i}}",
    reason: "Squeezes every number between 0 and 1.",
    f: logistic,
    slope: (i) => `\\frac{e^{-x_${i}}}{(1 + e^{-x_${i}})^2}`,
    rule: "quotient rule",
    why: "The inner derivative of the denominator is minus e to the -x, and the quotient brings a second minus.",
    df: (_, x) => Math.exp(-x) / (1 + Math.exp(-x)) ** 2,
    further: [
      jacobianLine(
        "y",
        "x",
        `${partial("y_i", "x_j")} = [i = j] \\, \\frac{1}{1 + e^{-x_i}} \\left( 1 - \\frac{1}{1 + e^{-x_i}} \\right)`,
        "splitting the fraction",
        "e^{-x} over 1 + e^{-x} is 1 less one over 1 + e^{-x}.",
        ({ value }, i, j) => {
          const s = logistic(at(value("x"), ...i));
          return same(i, j) * s * (1 - s);
        },
      ),
      jacobianLine(
        "y",
        "x",
        `${partial("y_i", "x_j")} = [i = j] \\, y_i (1 - y_i)`,
        "substitution",
        "Both factors are the output: nothing else need be kept.",
        ({ value }, i, j) => same(i, j) * at(value("y"), ...i) * (1 - at(value("y"), ...i)),
      ),
    ],
    slips: [
      { name: "y (1 - y) is computed of x, where it is of the output", df: (_, x) => x * (1 - x) },
      { name: "the factor 1 - y is missing", df: (_, x) => logistic(x) },
      { name: "the square of 1 - y stands for y (1 - y)", df: (_, x) => (1 - logistic(x)) ** 2 },
    ],
  });

const mask = tabulate(x, (i, j) => bracket((i + 2 * j) % 3 !== 1));
const keep = 0.7;
/** y = m x / q. */
export const dropout = (): Derivation =>
  pointwise({
    name: "dropout",
    title: "Dropout with a given mask, which keeps the share q",
    y: (x) => operations.dropout(x, { mask, keep }),
    latex: "y_i = \\frac{m_i}{q} \\, x_i",
    reason: "What is kept is divided by q, so that the mean stays.",
    f: (x, flat) => (mask.data[flat]! * x) / keep,
    slope: (i) => `\\frac{m_${i}}{q}`,
    rule: "derivative of a line",
    why: "The mask is drawn before and does not depend on x.",
    df: (_, __, flat) => mask.data[flat]! / keep,
    slips: [
      { name: "the division by q is forgotten", df: (_, __, flat) => mask.data[flat]! },
      { name: "the mask is forgotten", df: () => 1 / keep },
      {
        name: "the gradient is multiplied by q, where it is divided",
        df: (_, __, flat) => mask.data[flat]! * keep,
      },
    ],
  });
