// What subjects are built with: notation, inputs, and the lines that every derivation of a vjp has.
import type { RandomStream } from "../random/index.js";
import { indexOf, sizeOf, type NdArray, type Shape } from "../autodiff/nd-array.js";
import { gradientOf, jacobianOf, valueOf, type Line, type Quantity, type Scope } from "./derivation.js";
import { contract } from "./formulas.js";
import { odd } from "./oracles.js";

/** dE/d(symbol), in LaTeX. */
export const dE = (symbol: string): string => `\\frac{\\partial E}{\\partial ${symbol}}`;

/** d(of)/d(by), in LaTeX. */
export const partial = (of: string, by: string): string => `\\frac{\\partial ${of}}{\\partial ${by}}`;

/** Normal numbers of a shape, none near 0. */
export function oddNumbers(random: RandomStream, shape: Shape): NdArray {
  return { shape, data: Float64Array.from({ length: sizeOf(shape) }, () => odd(random.normal())) };
}

/** Inputs of the given shapes, by symbol. */
export const inputsOf =
  (shapes: Readonly<Record<string, Shape>>) =>
  (random: RandomStream): Record<string, NdArray> =>
    Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, oddNumbers(random, shape)]));

/** A line. */
export function line(
  of: Quantity,
  latex: string,
  rule: string,
  reason: string,
  evaluate: (scope: Scope) => NdArray,
): Line {
  return { of, latex, rule, reason, evaluate };
}

/** A line that says what a symbol is. */
export const definition = (
  of: string,
  latex: string,
  reason: string,
  evaluate: (scope: Scope) => NdArray,
): Line => line(valueOf(of), latex, "definition", reason, evaluate);

/** An array over the elements of y and x, from a formula for each pair of indices. */
export function overPairs(
  y: NdArray,
  x: NdArray,
  element: (i: readonly number[], j: readonly number[]) => number,
): NdArray {
  const places = (of: NdArray) => Array.from(of.data, (_, flat) => indexOf(flat, of.shape));
  const [rows, columns] = [places(y), places(x)];
  const data = Float64Array.from(rows.flatMap((i) => columns.map((j) => element(i, j))));
  return { shape: [...y.shape, ...x.shape], data };
}

/** A line that says how each element of y depends on each of x. */
export function jacobianLine(
  of: string,
  by: string,
  latex: string,
  rule: string,
  reason: string,
  element: (scope: Scope, i: readonly number[], j: readonly number[]) => number,
): Line {
  return line(jacobianOf(of, by), latex, rule, reason, (scope) =>
    overPairs(scope.value(of), scope.value(by), (i, j) => element(scope, i, j)),
  );
}

/** A symbol with an index, in LaTeX; without one where there is no index. */
export const indexed = (symbol: string, index: string): string =>
  index === "" ? symbol : `${symbol}_{${index}}`;

/** A sum over an index, in LaTeX. */
export const sumOver = (index: string): string => (index === "" ? "" : `\\sum_{${index}} `);

/** The chain rule from y to x. `i` and `j` are the indices as LaTeX; an empty one is a single number. */
export function chainRule(
  of: string,
  by: string,
  i = "i",
  j = "j",
  symbols: readonly [string, string] = [of, by],
): Line {
  const [y, x] = [indexed(symbols[0], i), indexed(symbols[1], j)];
  return line(
    gradientOf(by),
    `${dE(x)} = ${sumOver(i)}${dE(y)} \\, ${partial(y, x)}`,
    "chain rule",
    i === ""
      ? `E depends on ${by} through ${of} alone.`
      : `E depends on ${by} through every element of ${of}: the contributions add up.`,
    ({ gradient, jacobian }) => contract(gradient(of), jacobian(of, by)),
  );
}
