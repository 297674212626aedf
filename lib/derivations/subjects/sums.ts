// Identity shortcuts derived: forwards a sum, backwards one plus a sum; and what a factor lambda does to the one.
import { tabulate, type NdArray } from "../../autodiff/nd-array.js";
import { dE, definition, line, partial } from "../build.js";
import { derivation, gradientOf, jacobianOf, valueOf, type Derivation, type Scope } from "../derivation.js";
import { plus, product } from "../formulas.js";
import {
  row,
  square,
  asMatrix,
  asJacobian,
  identity,
  scaled,
  sigma,
  chained,
  counted,
  checkDepth,
  chainInputs,
  J,
  lambda,
  shortcutRules,
  residualProgram,
  type ChainOptions,
} from "./chain-parts.js";

const sumOfF = (upTo: number): string =>
  counted(0, upTo)
    .map((i) => `\\mathcal{F}_{${i}}`)
    .join(" + ");
const added = (scope: Scope, first: NdArray, units: readonly number[]): NdArray =>
  units.map((i) => scope.value(`F${i}`)).reduce(plus, first);

/** x_L = x_l + sum of F (identity paper, equation 4). */
export function forwardSum({ depth = 3 }: ChainOptions = {}): Derivation {
  checkDepth(depth);
  const last = valueOf(`x${depth}`);
  return derivation({
    name: "forwardSum",
    title: "Identity shortcuts, forwards: a sum",
    inputs: chainInputs(depth, { W: square }),
    counts: { L: depth },
    program: residualProgram(depth, shortcutRules.identity),
    lines: [
      ...counted(0, depth).flatMap((i) => [
        definition(
          `x${i + 1}`,
          `x_{${i + 1}} = x_{${i}} + \\mathcal{F}_{${i}}`,
          "The unit (identity paper, equation 3); F_i is short for F(x_i, W_i).",
          (scope) => added(scope, scope.value(`x${i}`), [i]),
        ),
        ...(i === 0
          ? []
          : [
              line(
                valueOf(`x${i + 1}`),
                `x_{${i + 1}} = x_0 + ${sumOfF(i + 1)}`,
                "substitution",
                `x_${i} was written as x_0 and residuals before.`,
                (scope) => added(scope, scope.value("x0"), counted(0, i + 1)),
              ),
            ]),
      ]),
      line(
        last,
        `x_L = x_l + \\sum_{i=l}^{L-1} \\mathcal{F}(x_i, W_i) \\qquad (l = 0, \\; L = ${depth})`,
        "induction",
        "The same step for any number of units (identity paper, equation 4): a deep x is a shallow x and a sum, where a plain chain has a product.",
        (scope) => added(scope, scope.value("x0"), counted(0, depth)),
      ),
    ],
    slips: [
      {
        name: "the sum ends one unit early",
        of: last,
        evaluate: (scope) => added(scope, scope.value("x0"), counted(0, depth - 1)),
      },
      {
        name: "x_l is forgotten",
        of: last,
        evaluate: (scope) =>
          added(
            scope,
            tabulate(row, () => 0),
            counted(0, depth),
          ),
      },
      {
        name: "every F is computed of x_l, where it is of its own x_i",
        of: last,
        evaluate: (scope) =>
          counted(0, depth)
            .map((i) => sigma(product(scope.value("x0"), scope.value(`W${i}`))))
            .reduce(plus, scope.value("x0")),
      },
    ],
  });
}

/** dE/dx_l = dE/dx_L (1 + d/dx_l sum of F) (identity paper, equation 5). */
export function onePlusSum({ depth = 3 }: ChainOptions = {}): Derivation {
  checkDepth(depth);
  const goal = gradientOf("x0");
  const last = `x${depth}`;
  const dS = (scope: Scope) => asMatrix(scope.jacobian("S", "x0"));
  const top = (scope: Scope) => scope.gradient(last);
  const S = "\\sum_{i=l}^{L-1} \\mathcal{F}(x_i, W_i)";
  return derivation({
    name: "onePlusSum",
    title: "Identity shortcuts, backwards: one plus a sum",
    inputs: chainInputs(depth, { W: square }),
    counts: { L: depth },
    program: residualProgram(depth, shortcutRules.identity),
    lines: [
      line(
        valueOf("S"),
        `S = ${S} \\qquad (l = 0, \\; L = ${depth})`,
        "definition",
        "All residuals between x_l and x_L.",
        (scope) =>
          added(
            scope,
            tabulate(row, () => 0),
            counted(0, depth),
          ),
      ),
      line(
        valueOf(last),
        "x_L = x_l + S",
        "forward sum",
        "Derived in forwardSum (identity paper, equation 4).",
        ({ value }) => plus(value("x0"), value("S")),
      ),
      line(
        goal,
        `${dE("x_l")} = ${dE("x_L")} \\, ${partial("x_L", "x_l")}`,
        "chain rule",
        "E depends on x_l through x_L alone.",
        (scope) => product(top(scope), asMatrix(scope.jacobian(last, "x0"))),
      ),
      line(
        jacobianOf(last, "x0"),
        `${partial("x_L", "x_l")} = ${partial("x_l", "x_l")} + ${partial("S", "x_l")}`,
        "sum rule",
        "The derivative of a sum is the sum of the derivatives.",
        (scope) => plus(scope.jacobian("x0", "x0"), scope.jacobian("S", "x0")),
      ),
      line(
        jacobianOf(last, "x0"),
        `${partial("x_L", "x_l")} = 1 + ${partial("", "x_l")} ${S}`,
        "derivative of the identity",
        "The 1 is the identity matrix. Every F_i depends on x_l, through all the units before it.",
        (scope) => plus(asJacobian(identity()), scope.jacobian("S", "x0")),
      ),
      line(
        goal,
        `${dE("x_l")} = ${dE("x_L")} \\left( 1 + ${partial("", "x_l")} ${S} \\right)`,
        "substitution",
        "Identity paper, equation 5.",
        (scope) => product(top(scope), plus(identity(), dS(scope))),
      ),
      line(
        goal,
        `${dE("x_l")} = ${dE("x_L")} + ${dE("x_L")} \\, ${partial("", "x_l")} ${S}`,
        "distribution",
        "The identity term arrives whole, whatever the weights are; it is cancelled only if the residual term is its exact opposite, for all examples of a batch at once.",
        (scope) => plus(top(scope), product(top(scope), dS(scope))),
      ),
    ],
    slips: [
      {
        name: "the shortcut's gradient is dropped: the 1 is missing",
        of: goal,
        evaluate: (scope) => product(top(scope), dS(scope)),
      },
      { name: "the residual term is dropped: only the 1 is left", of: goal, evaluate: top },
      {
        name: "a product stands in place of the sum, as in a plain chain",
        of: goal,
        evaluate: (scope) =>
          chained([
            top(scope),
            ...counted(0, depth)
              .reverse()
              .map((i) => J(i, scope)),
          ]),
      },
      {
        name: "each F is differentiated as if only its own unit counted, and the units before it were constant",
        of: goal,
        evaluate: (scope) => product(top(scope), plus(identity(), J(0, scope))),
      },
      {
        name: "the 1 is a matrix of ones, where it is the identity",
        of: jacobianOf(last, "x0"),
        evaluate: (scope) => plus(asJacobian(tabulate(square, () => 1)), scope.jacobian("S", "x0")),
      },
    ],
  });
}

/** With the shortcut scaled by lambda, the identity's 1 becomes lambda^L (identity paper, equations 6 to 8). */
export function lambdaPower({ depth = 3 }: ChainOptions = {}): Derivation {
  checkDepth(depth);
  const goal = gradientOf("x0");
  const last = `x${depth}`;
  const units = counted(0, depth);
  const top = (scope: Scope) => scope.gradient(last);
  const weighed = (scope: Scope, power: (i: number) => number) =>
    units.map((i) => scaled(scope.value(`F${i}`), lambda ** power(i))).reduce(plus);
  /** The derivative of the weighed sum of residuals. */
  const dSum = (scope: Scope) =>
    units.map((i) => scaled(asMatrix(scope.jacobian(`F${i}`, "x0")), lambda ** (depth - 1 - i))).reduce(plus);
  const back = (scope: Scope, power: number) =>
    product(top(scope), plus(scaled(identity(), lambda ** power), dSum(scope)));
  const S = "\\sum_{i=0}^{L-1} \\lambda^{L-1-i} \\mathcal{F}_i";
  return derivation({
    name: "lambdaPower",
    title: "Shortcuts scaled by lambda: the 1 becomes lambda to the L",
    inputs: chainInputs(depth, { W: square }),
    counts: { L: depth, lambda },
    program: residualProgram(depth, shortcutRules.constant),
    lines: [
      ...units.flatMap((i) => [
        definition(
          `x${i + 1}`,
          `x_{${i + 1}} = \\lambda \\, x_{${i}} + \\mathcal{F}_{${i}}`,
          "The unit (identity paper, equation 6), with the same lambda everywhere.",
          ({ value }) => plus(scaled(value(`x${i}`), lambda), value(`F${i}`)),
        ),
        ...(i === 0
          ? []
          : [
              line(
                valueOf(`x${i + 1}`),
                `x_{${i + 1}} = \\lambda^{${i + 1}} x_0 + ${counted(0, i + 1)
                  .map((k) => `\\lambda^{${i - k}} \\mathcal{F}_{${k}}`)
                  .join(" + ")}`,
                "substitution",
                "Everything that came before is scaled once more.",
                ({ value }: Scope) =>
                  counted(0, i + 1)
                    .map((k) => scaled(value(`F${k}`), lambda ** (i - k)))
                    .reduce(plus, scaled(value("x0"), lambda ** (i + 1))),
              ),
            ]),
      ]),
      line(
        valueOf(last),
        `x_L = \\lambda^L x_0 + ${S} \\qquad (L = ${depth})`,
        "induction",
        "Identity paper, equation 7, with all factors equal.",
        (scope) =>
          plus(
            scaled(scope.value("x0"), lambda ** depth),
            weighed(scope, (i) => depth - 1 - i),
          ),
      ),
      line(
        jacobianOf(last, "x0"),
        `${partial("x_L", "x_0")} = \\lambda^L + ${partial("", "x_0")} ${S}`,
        "sum rule",
        "The first term is a multiple of x_0, and its derivative that multiple of the identity matrix.",
        (scope) => asJacobian(plus(scaled(identity(), lambda ** depth), dSum(scope))),
      ),
      line(
        goal,
        `${dE("x_0")} = ${dE("x_L")} \\left( \\lambda^L + ${partial("", "x_0")} ${S} \\right)`,
        "chain rule",
        "Identity paper, equation 8: for lambda below 1 the shortcut's term vanishes with depth, for lambda above 1 it explodes.",
        (scope) => back(scope, depth),
      ),
    ],
    slips: [
      {
        name: "the factor counts once: lambda, not lambda to the L",
        of: goal,
        evaluate: (scope) => back(scope, 1),
      },
      { name: "lambda is forgotten: the 1 of the identity", of: goal, evaluate: (scope) => back(scope, 0) },
      { name: "the power is L - 1", of: goal, evaluate: (scope) => back(scope, depth - 1) },
      {
        name: "the factor is added up: L lambda, not lambda to the L",
        of: goal,
        evaluate: (scope) => product(top(scope), plus(scaled(identity(), depth * lambda), dSum(scope))),
      },
      {
        name: "the residuals are not scaled by the shortcuts behind them",
        of: valueOf(last),
        evaluate: (scope) =>
          plus(
            scaled(scope.value("x0"), lambda ** depth),
            weighed(scope, () => 0),
          ),
      },
    ],
  });
}
