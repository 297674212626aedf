// Concatenation in place of addition derived: DenseNet's chain.
import { at, tabulate, type NdArray } from "../../autodiff/nd-array.js";
import * as operations from "../../autodiff/operations.js";
import { dE, definition, inputsOf, line } from "../build.js";
import { derivation, gradientOf, valueOf, type Derivation, type Scope } from "../derivation.js";
import { plus, product } from "../formulas.js";
import { width, row, counted, checkDepth, branch, J, type ChainOptions } from "./chain-parts.js";

const growth = 2;

/** x_{i+1} = [x_i, F_i(x_i)]: DenseNet's concatenation, in which every F sees every earlier one. */
export function denseConcat({ depth = 3 }: ChainOptions = {}): Derivation {
  checkDepth(depth);
  const goal = gradientOf("x0");
  const widthOf = (i: number): number => width + i * growth;
  const units = counted(0, depth);
  const slice = (x: NdArray, start: number, count: number) =>
    tabulate([1, count], (_, a) => at(x, 0, start + a));
  const joined = (parts: readonly NdArray[]): NdArray => {
    const values = parts.flatMap(({ data }) => [...data]);
    return { shape: [1, values.length], data: Float64Array.from(values) };
  };
  const own = (scope: Scope, i: number) => slice(scope.gradient(`x${depth}`), 0, widthOf(i));
  /** What comes back through F_i to the first `count` channels of its input. */
  const throughF = (scope: Scope, i: number, count: number) =>
    slice(product(scope.gradient(`F${i}`), J(i, scope)), 0, count);
  return derivation({
    name: "denseConcat",
    title: `Concatenation in place of addition (DenseNet), ${depth} units`,
    inputs: inputsOf({ x0: row, ...Object.fromEntries(units.map((i) => [`W${i}`, [widthOf(i), growth]])) }),
    counts: { L: depth },
    program(inputs) {
      let x = inputs["x0"]!;
      for (const i of units) {
        const f = operations.sigmoid(operations.matmul(x, inputs[`W${i}`]!)).named(`F${i}`);
        x = operations.concat(x, f).named(`x${i + 1}`);
      }
      return x;
    },
    lines: [
      ...units.flatMap((i) => [
        definition(
          `F${i}`,
          `\\mathcal{F}_{${i}} = \\sigma(x_{${i}} W_{${i}})`,
          `Unit ${i} adds ${growth} channels, the growth rate.`,
          (scope) => branch(i, scope),
        ),
        definition(
          `x${i + 1}`,
          `x_{${i + 1}} = [x_{${i}}, \\, \\mathcal{F}_{${i}}]`,
          "Placed behind, not added.",
          ({ value }) => joined([value(`x${i}`), value(`F${i}`)]),
        ),
      ]),
      line(
        valueOf(`x${depth}`),
        `x_{${depth}} = [x_0, \\, ${units.map((i) => `\\mathcal{F}_{${i}}`).join(", \\, ")}]`,
        "substitution",
        "Every residual is still there, untouched.",
        ({ value }) => joined([value("x0"), ...units.map((i) => value(`F${i}`))]),
      ),
      ...[...units]
        .reverse()
        .flatMap((i) => [
          line(
            gradientOf(`F${i}`),
            `${dE(`\\mathcal{F}_{${i}}`)} = \\left( ${dE(`x_{${i + 1}}`)} \\right)_{\\text{last } k}`,
            "concatenation",
            "The last k channels of the gradient, k the growth rate.",
            ({ gradient }) => slice(gradient(`x${i + 1}`), widthOf(i), growth),
          ),
          line(
            gradientOf(`x${i}`),
            `${dE(`x_{${i}}`)} = \\left( ${dE(`x_{${i + 1}}`)} \\right)_{\\text{first}} + ${dE(`\\mathcal{F}_{${i}}`)} \\, J_{${i}}`,
            "sum over both ways",
            "x goes on as it is, and into F.",
            (scope) =>
              plus(slice(scope.gradient(`x${i + 1}`), 0, widthOf(i)), throughF(scope, i, widthOf(i))),
          ),
        ]),
      line(
        goal,
        `${dE("x_0")} = \\left( ${dE("x_L")} \\right)_{x_0} + \\sum_{i=0}^{L-1} \\left( ${dE("\\mathcal{F}_i")} \\, J_i \\right)_{x_0} \\qquad (L = ${depth})`,
        "substitution",
        "Each line goes into the next. The loss's own gradient arrives at x_0 whole, and every F_i adds what it sends straight to x_0: again one plus a sum.",
        (scope) => units.map((i) => throughF(scope, i, width)).reduce(plus, own(scope, 0)),
      ),
    ],
    slips: [
      {
        name: "the part that goes on as it is is dropped",
        of: goal,
        evaluate: (scope) => units.map((i) => throughF(scope, i, width)).reduce(plus),
      },
      {
        name: "only the first unit sends its gradient to x_0",
        of: goal,
        evaluate: (scope) => plus(own(scope, 0), throughF(scope, 0, width)),
      },
      {
        name: "the channels are taken from the wrong end",
        of: gradientOf("F0"),
        evaluate: ({ gradient }) => slice(gradient("x1"), 0, growth),
      },
    ],
  });
}
