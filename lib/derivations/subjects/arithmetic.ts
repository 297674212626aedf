// Arithmetic derived: add, subtract, multiply.
import { at, tabulate, type NdArray } from "../../autodiff/nd-array.js";
import { inputsOf } from "../build.js";
import { gradientOf, type Derivation } from "../derivation.js";
import { bracket, map, plus, times, total, vector } from "../formulas.js";
import { simple, type Derivative } from "./simple.js";
import * as operations from "../../autodiff/operations.js";

const [rows, columns] = [3, 2];
const x = [rows, columns];
const same = (i: readonly number[], j: readonly number[]): number => bracket(i.join() === j.join());
const keeps = "The bracket keeps i = j.";
const negative = (a: NdArray): NdArray => map(a, (value) => -value);

/** y = a + b, with b repeated for each row. */
export const add = (): Derivation =>
  simple({
    name: "add",
    title: "Addition, with b repeated for each of the m rows of a",
    inputs: inputsOf({ a: x, b: [columns] }),
    counts: { m: rows },
    program: ({ a, b }) => operations.add(a!, b!).named("y"),
    definition: {
      latex: "y_{ij} = a_{ij} + b_j",
      reason: "b has one row, which broadcasting repeats.",
      evaluate: ({ value }) => tabulate(x, (i, j) => at(value("a"), i, j) + at(value("b"), j)),
    },
    derivatives: [
      {
        by: "a",
        indices: ["ij", "kl"],
        derivative: "[i = k] \\, [j = l]",
        rule: "derivative of a sum",
        reason: "y_ij holds a_ij, once.",
        element: (_, i, k) => same(i, k),
        result: "\\frac{\\partial E}{\\partial y_{kl}}",
        because: "The brackets keep one term: an addition hands the gradient on as it is.",
        evaluate: ({ gradient }) => gradient("y"),
      },
      {
        by: "b",
        indices: ["ij", "l"],
        derivative: "[j = l]",
        rule: "derivative of a sum",
        reason: "Every row holds b_l, once.",
        element: (_, [, j], [l]) => bracket(j === l),
        result: "\\sum_{i=1}^{m} \\frac{\\partial E}{\\partial y_{il}}",
        because: "The bracket keeps the column l: what was repeated forwards is summed backwards.",
        evaluate: ({ gradient }) => vector([0, 1].map((l) => total(rows, (i) => at(gradient("y"), i, l)))),
      },
    ],
    slips: [
      {
        name: "the gradient of what was repeated is averaged, where it is summed",
        of: gradientOf("b"),
        evaluate: ({ gradient }) =>
          vector([0, 1].map((l) => total(rows, (i) => at(gradient("y"), i, l)) / rows)),
      },
      {
        name: "the gradient of what was repeated takes one row, where it is the sum of all",
        of: gradientOf("b"),
        evaluate: ({ gradient }) => vector([0, 1].map((l) => at(gradient("y"), 0, l))),
      },
    ],
  });

/** y = a - b. */
export const subtract = (): Derivation =>
  simple({
    name: "subtract",
    title: "Subtraction",
    inputs: inputsOf({ a: x, b: x }),
    program: ({ a, b }) => operations.subtract(a!, b!).named("y"),
    definition: {
      latex: "y_i = a_i - b_i",
      reason: "Element by element.",
      evaluate: ({ value }) => plus(value("a"), negative(value("b"))),
    },
    derivatives: [
      {
        by: "a",
        derivative: "[i = j]",
        rule: "derivative of a difference",
        reason: "y_i holds a_i, once.",
        element: (_, i, j) => same(i, j),
        result: "\\frac{\\partial E}{\\partial y_j}",
        because: keeps,
        evaluate: ({ gradient }) => gradient("y"),
      },
      {
        by: "b",
        derivative: "(-[i = j])",
        rule: "derivative of a difference",
        reason: "b_i is taken away.",
        element: (_, i, j) => -same(i, j),
        result: "-\\frac{\\partial E}{\\partial y_j}",
        because: keeps,
        evaluate: ({ gradient }) => negative(gradient("y")),
      },
    ],
    slips: [
      { name: "the minus sign is lost", of: gradientOf("b"), evaluate: ({ gradient }) => gradient("y") },
    ],
  });

/** y = a b, element by element. */
export const multiply = (): Derivation =>
  simple({
    name: "multiply",
    title: "Multiplication, element by element",
    inputs: inputsOf({ a: x, b: x }),
    program: ({ a, b }) => operations.multiply(a!, b!).named("y"),
    definition: {
      latex: "y_i = a_i \\, b_i",
      reason: "Element by element.",
      evaluate: ({ value }) => times(value("a"), value("b")),
    },
    derivatives: (["a", "b"] as const).map((by): Derivative => {
      const other = by === "a" ? "b" : "a";
      return {
        by,
        derivative: `[i = j] \\, ${other}_i`,
        rule: "product rule",
        reason: `${other}_i does not depend on ${by}: it is a constant factor.`,
        element: ({ value }, i, j) => same(i, j) * at(value(other), ...i),
        result: `\\frac{\\partial E}{\\partial y_j} \\, ${other}_j`,
        because: `${keeps} Each factor's gradient is weighed by the other factor.`,
        evaluate: ({ value, gradient }) => times(gradient("y"), value(other)),
      };
    }),
    slips: [
      {
        name: "each factor's gradient is weighed by itself, where it is by the other",
        of: gradientOf("a"),
        evaluate: ({ value, gradient }) => times(gradient("y"), value("a")),
      },
      {
        name: "the gradient is handed on as by an addition",
        of: gradientOf("b"),
        evaluate: ({ gradient }) => gradient("y"),
      },
    ],
  });
