// Chains derived: the plain chain's product, and the residual chain's sums of products for any shortcut.
import { oneOf } from "../../options.js";
import type { NdArray } from "../../autodiff/nd-array.js";
import * as operations from "../../autodiff/operations.js";
import { dE, definition, line, partial } from "../build.js";
import { derivation, gradientOf, jacobianOf, type Derivation, type Line, type Scope } from "../derivation.js";
import { flipped, map, plus, product, times } from "../formulas.js";
import {
  square,
  asJacobian,
  identity,
  diagonal,
  chained,
  counted,
  branchMatrix,
  checkDepth,
  chainInputs,
  branch,
  J,
  maskOf,
  weightOf,
  gateOf,
  gated,
  shortcutRules,
  residualProgram,
  type ChainOptions,
  type ShortcutRule,
} from "./chain-parts.js";

/** A chain of residual units. */
export interface ResidualChainOptions extends ChainOptions {
  /** What lies on the shortcut. Default: `identity`. */
  readonly shortcut?: keyof typeof shortcutRules;
}

/** What a plain unit or a branch is: F(x_i) = sigma(x_i W_i), and its derivative. */
function branchLines(of: (i: number) => string, index: number): readonly Line[] {
  const i = String(index);
  return [
    line(
      jacobianOf(of(index), `x${i}`),
      `J_{${i}} = ${partial(`\\mathcal{F}_{${i}}`, `x_{${i}}`)} = \\operatorname{diag}(\\sigma'(x_{${i}} W_{${i}})) \\, W_{${i}}^\\top`,
      "chain rule",
      "Sigma acts on each number alone, the matrix before it on the whole row; gradients are rows, so W stands transposed. The other units have the same form.",
      (scope) => asJacobian(J(index, scope)),
    ),
  ];
}

/** x_{i+1} = F_i(x_i): the gradient is a product of all the units' derivatives. */
export function plainChain({ depth = 3 }: ChainOptions = {}): Derivation {
  checkDepth(depth);
  const last = `x_{${depth}}`;
  const goal = gradientOf("x0");
  /** dE/dx_L times the derivatives of the units from the last down to `first`. */
  const back = (scope: Scope, units: readonly number[]) =>
    chained([scope.gradient(`x${depth}`), ...[...units].reverse().map((i) => J(i, scope))]);
  return derivation({
    name: "plainChain",
    title: `A plain chain of ${depth} units: a product`,
    inputs: chainInputs(depth, { W: square }),
    counts: { L: depth },
    program(inputs) {
      let x = inputs["x0"]!;
      for (const i of counted(0, depth))
        x = operations.sigmoid(operations.matmul(x, inputs[`W${i}`]!)).named(`x${i + 1}`);
      return x;
    },
    lines: [
      ...counted(0, depth).map((i) =>
        definition(
          `x${i + 1}`,
          `x_{${i + 1}} = \\mathcal{F}_{${i}}(x_{${i}}) = \\sigma(x_{${i}} W_{${i}})`,
          `Unit ${i}: nothing but F.`,
          (scope) => branch(i, scope),
        ),
      ),
      ...branchLines((i) => `x${i + 1}`, 0),
      ...counted(0, depth)
        .reverse()
        .map((i) =>
          line(
            gradientOf(`x${i}`),
            `${dE(`x_{${i}}`)} = ${dE(`x_{${i + 1}}`)} \\, J_{${i}}`,
            "chain rule",
            `x_${i} goes nowhere but into unit ${i}.`,
            (scope) => product(scope.gradient(`x${i + 1}`), J(i, scope)),
          ),
        ),
      line(
        goal,
        `${dE("x_0")} = ${dE(last)} \\, ${counted(0, depth)
          .reverse()
          .map((i) => `J_{${i}}`)
          .join(" \\, ")}`,
        "substitution",
        "Each gradient goes into the next line.",
        (scope) => back(scope, counted(0, depth)),
      ),
      line(
        goal,
        `${dE("x_l")} = ${dE("x_L")} \\prod_{i=L-1}^{l} J_i \\qquad (l = 0, \\; L = ${depth})`,
        "writing it as a product",
        "A product of L - l matrices: if each of them shrinks a vector, it vanishes; if each stretches it, it explodes.",
        (scope) => back(scope, counted(0, depth)),
      ),
    ],
    slips: [
      {
        name: "one unit of the product is forgotten",
        of: goal,
        evaluate: (scope) => back(scope, counted(1, depth)),
      },
      {
        name: "the factors stand in the forward order",
        of: goal,
        evaluate: (scope) => back(scope, counted(0, depth).reverse()),
      },
      {
        name: "the derivatives are added, where they multiply",
        of: goal,
        evaluate: (scope) =>
          product(
            scope.gradient(`x${depth}`),
            counted(0, depth)
              .map((i) => J(i, scope))
              .reduce(plus),
          ),
      },
      {
        name: "sigma's derivative is left out",
        of: goal,
        evaluate: (scope) =>
          chained([
            scope.gradient(`x${depth}`),
            ...counted(0, depth)
              .reverse()
              .map((i) => flipped(scope.value(`W${i}`))),
          ]),
      },
    ],
  });
}

const chain = (units: readonly number[], factor: (i: number) => string): string =>
  [...units].reverse().map(factor).join(" \\, ");

/** x_{i+1} = h(x_i) + F_i(x_i), for any shortcut h: the gradient, its pure shortcut term, and the rest. */
export function residualChain(options: ResidualChainOptions = {}): Derivation {
  const { depth = 3, shortcut = "identity" } = options;
  checkDepth(depth);
  oneOf("shortcut", shortcut, Object.keys(shortcutRules));
  const rule: ShortcutRule = shortcutRules[shortcut];
  const goal = gradientOf("x0");
  const units = counted(0, depth);
  const H = (i: number, scope: Scope) => rule.matrix(scope, i);
  const F = (i: number, scope: Scope): NdArray =>
    rule.gate ? times(gateOf(scope, i), branch(i, scope)) : branch(i, scope);
  /** The branch's derivative: with a gate by the product rule. */
  const R = (i: number, scope: Scope): NdArray => {
    if (!rule.gate) return J(i, scope);
    const dGate = branchMatrix(scope.value(`x${i}`), weightOf("G", scope, i));
    return plus(product(diagonal(branch(i, scope)), dGate), product(diagonal(gateOf(scope, i)), J(i, scope)));
  };
  const both = (i: number, scope: Scope) => plus(H(i, scope), R(i, scope));
  const top = (scope: Scope) => scope.gradient(`x${depth}`);
  const through = (scope: Scope, of: (i: number, scope: Scope) => NdArray) =>
    chained([top(scope), ...[...units].reverse().map((i) => of(i, scope))]);
  /** Shortcuts from the top down to unit k, the branch at k, and both below it. */
  const firstBranchAt = (scope: Scope, k: number) =>
    chained([top(scope), ...[...units].reverse().map((i) => (i > k ? H : i === k ? R : both)(i, scope))]);
  const f = rule.gate
    ? (i: number) => `g(x_{${i}}) \\odot \\sigma(x_{${i}} W_{${i}})`
    : (i: number) => `\\sigma(x_{${i}} W_{${i}})`;
  return derivation({
    name: "residualChain",
    title: `A chain of ${depth} residual units with ${rule.title}`,
    inputs: chainInputs(depth, { W: square, ...rule.inputs }),
    counts: { L: depth },
    program: residualProgram(depth, rule),
    lines: [
      ...units.flatMap((i) => [
        definition(`h${i}`, `h_{${i}} = ${rule.latex(String(i))}`, `The shortcut of unit ${i}.`, (scope) =>
          rule.formula(scope, i),
        ),
        definition(`F${i}`, `\\mathcal{F}_{${i}} = ${f(i)}`, `The residual of unit ${i}.`, (scope) =>
          F(i, scope),
        ),
        definition(
          `x${i + 1}`,
          `x_{${i + 1}} = h_{${i}} + \\mathcal{F}_{${i}}`,
          "The addition; nothing follows it.",
          ({ value }) => plus(value(`h${i}`), value(`F${i}`)),
        ),
      ]),
      ...units.flatMap((i) => [
        line(
          jacobianOf(`h${i}`, `x${i}`),
          `H_{${i}} = ${partial(`h_{${i}}`, `x_{${i}}`)} = ${rule.derivative(String(i))}`,
          rule.rule,
          rule.reason,
          (scope) => asJacobian(H(i, scope)),
        ),
        line(
          jacobianOf(`F${i}`, `x${i}`),
          `J_{${i}} = ${partial(`\\mathcal{F}_{${i}}`, `x_{${i}}`)} = ${rule.gate ? `\\operatorname{diag}(\\sigma(x_{${i}} W_{${i}})) \\, ${partial("g", `x_{${i}}`)} + \\operatorname{diag}(g) \\, ` : ""}\\operatorname{diag}(\\sigma'(x_{${i}} W_{${i}})) \\, W_{${i}}^\\top`,
          rule.gate ? "product rule and chain rule" : "chain rule",
          "Gradients are rows, so W stands transposed.",
          (scope) => asJacobian(R(i, scope)),
        ),
      ]),
      ...[...units]
        .reverse()
        .map((i) =>
          line(
            gradientOf(`x${i}`),
            `${dE(`x_{${i}}`)} = ${dE(`x_{${i + 1}}`)} \\, (H_{${i}} + J_{${i}})`,
            "chain rule and sum rule",
            "x goes into the shortcut and into F, and what comes back is added.",
            (scope) => product(scope.gradient(`x${i + 1}`), both(i, scope)),
          ),
        ),
      line(
        goal,
        `${dE("x_0")} = ${dE(`x_{${depth}}`)} \\, ${chain(units, (i) => `(H_{${i}} + J_{${i}})`)}`,
        "substitution",
        "Each gradient goes into the next line.",
        (scope) => through(scope, both),
      ),
      line(
        goal,
        `${dE("x_0")} = ${dE(`x_{${depth}}`)} \\left( ${chain(units, (i) => `H_{${i}}`)} + ${units
          .map((k) =>
            chain(units, (i) => (i > k ? `H_{${i}}` : i === k ? `J_{${i}}` : `(H_{${i}} + J_{${i}})`)),
          )
          .reverse()
          .join(" + ")} \\right)`,
        "distribution",
        "Multiply out from the top: either the shortcut is taken all the way, or there is a first unit whose branch is taken.",
        (scope) => units.map((k) => firstBranchAt(scope, k)).reduce(plus, through(scope, H)),
      ),
    ],
    slips: [
      { name: "the shortcuts' gradient is dropped", of: goal, evaluate: (scope) => through(scope, R) },
      { name: "the branches' gradient is dropped", of: goal, evaluate: (scope) => through(scope, H) },
      {
        name: "the two products are added, where the sums multiply",
        of: goal,
        evaluate: (scope) => plus(through(scope, R), through(scope, H)),
      },
      ...(rule.inputs === gated.inputs
        ? [
            {
              name: "the gate is taken to be constant",
              of: jacobianOf("h0", "x0"),
              evaluate: (scope: Scope) => asJacobian(diagonal(map(gateOf(scope, 0), (g) => 1 - g))),
            },
          ]
        : []),
      ...(shortcut === "projected"
        ? [
            {
              name: "the projection is not transposed",
              of: jacobianOf("h0", "x0"),
              evaluate: (scope: Scope) => asJacobian(weightOf("P", scope, 0)),
            },
          ]
        : []),
      ...(shortcut === "dropped"
        ? [
            {
              name: "the division by q is forgotten",
              of: jacobianOf("h0", "x0"),
              evaluate: () => asJacobian(diagonal(maskOf(0))),
            },
          ]
        : []),
      ...(shortcut === "constant"
        ? [
            {
              name: "the shortcut's factor is forgotten",
              of: jacobianOf("h0", "x0"),
              evaluate: () => asJacobian(identity()),
            },
          ]
        : []),
    ],
  });
}
