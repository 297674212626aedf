// Chains of units derived: the plain chain's product, the residual chain's sum, shortcuts that are not the identity, and DenseNet's.
import { at, tabulate, type NdArray, type Shape } from "../../nd-array.js";
import * as operations from "../../operations.js";
import type { Value } from "../../value.js";
import { dE, definition, inputsOf, line, partial } from "../build.js";
import { derivation, gradientOf, jacobianOf, valueOf, type Derivation, type Line, type Scope } from "../derivation.js"; // prettier-ignore
import { bracket, flipped, map, plus, product, times } from "../formulas.js";

const width = 3;
const row: Shape = [1, width];
const square: Shape = [width, width];

/** A Jacobian of rows, [1, d, 1, d'], as the matrix that a gradient (a row) is multiplied by: element [b, a] is dy_b/dx_a. */
const asMatrix = (jacobian: NdArray): NdArray => ({
  shape: [jacobian.shape[1]!, jacobian.shape[3]!],
  data: jacobian.data,
});
const asJacobian = (matrix: NdArray): NdArray => ({
  shape: [1, matrix.shape[0]!, 1, matrix.shape[1]!],
  data: matrix.data,
});
const identity = (size = width): NdArray => tabulate([size, size], (i, j) => bracket(i === j));
const scaled = (a: NdArray, factor: number): NdArray => map(a, (value) => factor * value);
const diagonal = (values: NdArray): NdArray =>
  tabulate([values.data.length, values.data.length], (i, j) => bracket(i === j) * values.data[i]!);
const sigma = (z: NdArray): NdArray => map(z, (value) => 1 / (1 + Math.exp(-value)));
const slopes = (s: NdArray): NdArray => map(s, (value) => value * (1 - value));
/** The product of matrices, from the left. */
const chained = (matrices: readonly NdArray[]): NdArray => matrices.reduce(product);
const counted = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

/** The derivative of sigma(x W): the matrix of dF_b/dx_a = sigma'(z_b) W_ab. */
function branchMatrix(x: NdArray, w: NdArray): NdArray {
  return product(diagonal(slopes(sigma(product(x, w)))), flipped(w));
}

/** How deep. */
export interface ChainOptions {
  /** Units. Default: 3. */
  readonly depth?: number;
}

/** A chain of residual units. */
export interface ResidualChainOptions extends ChainOptions {
  /** What lies on the shortcut. Default: `identity`. */
  readonly shortcut?: keyof typeof shortcutRules;
}

/** x_{i+1} = h_i + F_i. What h is, its derivative as a matrix, and what F is multiplied by. */
interface ShortcutRule {
  readonly title: string;
  readonly inputs: Readonly<Record<string, Shape>>;
  readonly h: (x: Value, i: number, inputs: Readonly<Record<string, Value>>) => Value;
  readonly latex: (i: string) => string;
  readonly formula: (scope: Scope, i: number) => NdArray;
  /** dh/dx in LaTeX, its rule, its reason, its formula as a matrix [b, a]. */
  readonly derivative: (i: string) => string;
  readonly rule: string;
  readonly reason: string;
  readonly matrix: (scope: Scope, i: number) => NdArray;
  /** Highway's F is gated too. */
  readonly gate?: "also F";
}

const lambda = 0.7;
const keep = 0.8;
const maskOf = (i: number): NdArray => tabulate(row, (_, a) => bracket((a + i) % 3 !== 0));
const weightOf = (name: string, scope: Scope, i: number): NdArray => scope.value(`${name}${i}`);
const gateOf = (scope: Scope, i: number): NdArray =>
  sigma(product(scope.value(`x${i}`), weightOf("G", scope, i)));
const gate = (x: Value, i: number, inputs: Readonly<Record<string, Value>>): Value =>
  operations.sigmoid(operations.matmul(x, inputs[`G${i}`]!));
/** The derivative of (1 - g(x)) x, element by element: diag(1 - g) - diag(x) dg/dx. */
const gatedMatrix = (scope: Scope, i: number): NdArray => {
  const [x, g] = [scope.value(`x${i}`), gateOf(scope, i)];
  const dg = branchMatrix(x, weightOf("G", scope, i));
  return plus(diagonal(map(g, (value) => 1 - value)), scaled(product(diagonal(x), dg), -1));
};
const gated = {
  inputs: { G: square },
  h: (x: Value, i: number, inputs: Readonly<Record<string, Value>>) =>
    operations.multiply(operations.subtract(1, gate(x, i, inputs)), x),
  latex: (i: string) => `(1 - g(x_{${i}})) \\odot x_{${i}}`,
  formula: (scope: Scope, i: number) =>
    times(
      map(gateOf(scope, i), (g) => 1 - g),
      scope.value(`x${i}`),
    ),
  derivative: (i: string) => `\\operatorname{diag}(1 - g(x_{${i}})) - \\operatorname{diag}(x_{${i}}) \\, ${partial("g", `x_{${i}}`)}`, // prettier-ignore
  rule: "product rule",
  reason: "The gate scales x, and depends on x itself: g(x) is sigma of x G.",
  matrix: gatedMatrix,
};

/** The shortcuts of the identity paper's Table 1, and the identity. */
const shortcutRules = {
  identity: {
    title: "identity shortcuts",
    inputs: {},
    h: (x) => operations.scale(x, { factor: 1 }),
    latex: (i) => `x_{${i}}`,
    formula: (scope, i) => scope.value(`x${i}`),
    derivative: () => "I",
    rule: "derivative of the identity",
    reason: "The shortcut hands x on as it is.",
    matrix: () => identity(),
  },
  constant: {
    title: "shortcuts scaled by a constant lambda",
    inputs: {},
    h: (x) => operations.scale(x, { factor: lambda }),
    latex: (i) => `\\lambda \\, x_{${i}}`,
    formula: (scope, i) => scaled(scope.value(`x${i}`), lambda),
    derivative: () => "\\lambda I",
    rule: "derivative of a line",
    reason: "The constant stays.",
    matrix: () => scaled(identity(), lambda),
  },
  gated: { ...gated, title: "shortcut-only gating" },
  exclusivelyGated: { ...gated, title: "exclusive gating: 1 - g on the shortcut, g on F", gate: "also F" },
  projected: {
    title: "projections, as by 1x1 convolutions",
    inputs: { P: square },
    h: (x, i, inputs) => operations.matmul(x, inputs[`P${i}`]!),
    latex: (i) => `x_{${i}} \\, P_{${i}}`,
    formula: (scope, i) => product(scope.value(`x${i}`), weightOf("P", scope, i)),
    derivative: (i) => `P_{${i}}^\\top`,
    rule: "derivative of a linear map",
    reason: "Gradients are rows here, so the matrix stands transposed.",
    matrix: (scope, i) => flipped(weightOf("P", scope, i)),
  },
  dropped: {
    title: "dropout on the shortcut, with the share q kept",
    inputs: {},
    h: (x, i) => operations.dropout(x, { mask: maskOf(i), keep }),
    latex: (i) => `\\frac{1}{q} \\, m_{${i}} \\odot x_{${i}}`,
    formula: (scope, i) => scaled(times(maskOf(i), scope.value(`x${i}`)), 1 / keep),
    derivative: (i) => `\\frac{1}{q} \\operatorname{diag}(m_{${i}})`,
    rule: "derivative of a line",
    reason: "The mask is drawn before and does not depend on x.",
    matrix: (_, i) => scaled(diagonal(maskOf(i)), 1 / keep),
  },
} as const satisfies Record<string, ShortcutRule>;

function checkDepth(depth: number): void {
  if (!Number.isInteger(depth) || depth < 2 || depth > 6)
    throw new RangeError(`a chain's depth must be a whole number from 2 to 6; got ${depth}`);
}

/** The inputs of a chain: x0, and for each unit its matrices. */
const chainInputs = (depth: number, matrices: Readonly<Record<string, Shape>>) =>
  inputsOf({
    x0: row,
    ...Object.fromEntries(counted(0, depth).flatMap((i) => Object.entries(matrices).map(([name, shape]) => [`${name}${i}`, shape]))), // prettier-ignore
  });

const branch = (i: number, scope: Scope): NdArray =>
  sigma(product(scope.value(`x${i}`), scope.value(`W${i}`)));
const J = (i: number, scope: Scope): NdArray => branchMatrix(scope.value(`x${i}`), scope.value(`W${i}`));

/** What a plain unit or a branch is: F(x_i) = sigma(x_i W_i), and its derivative. */
function branchLines(of: (i: number) => string, index: number): readonly Line[] {
  const i = String(index);
  return [
    line(jacobianOf(of(index), `x${i}`), `J_{${i}} = ${partial(`\\mathcal{F}_{${i}}`, `x_{${i}}`)} = \\operatorname{diag}(\\sigma'(x_{${i}} W_{${i}})) \\, W_{${i}}^\\top`, "chain rule", "Sigma acts on each number alone, the matrix before it on the whole row; gradients are rows, so W stands transposed. The other units have the same form.", (scope) => asJacobian(J(index, scope))),
  ]; // prettier-ignore
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
      ...counted(0, depth).map((i) => definition(`x${i + 1}`, `x_{${i + 1}} = \\mathcal{F}_{${i}}(x_{${i}}) = \\sigma(x_{${i}} W_{${i}})`, `Unit ${i}: nothing but F.`, (scope) => branch(i, scope))),
      ...branchLines((i) => `x${i + 1}`, 0),
      ...counted(0, depth).reverse().map((i) =>
        line(gradientOf(`x${i}`), `${dE(`x_{${i}}`)} = ${dE(`x_{${i + 1}}`)} \\, J_{${i}}`, "chain rule", `x_${i} goes nowhere but into unit ${i}.`, (scope) => product(scope.gradient(`x${i + 1}`), J(i, scope)))),
      line(goal, `${dE("x_0")} = ${dE(last)} \\, ${counted(0, depth).reverse().map((i) => `J_{${i}}`).join(" \\, ")}`, "substitution", "Each gradient goes into the next line.", (scope) => back(scope, counted(0, depth))),
      line(goal, `${dE("x_l")} = ${dE("x_L")} \\prod_{i=L-1}^{l} J_i \\qquad (l = 0, \\; L = ${depth})`, "writing it as a product", "A product of L - l matrices: if each of them shrinks a vector, it vanishes; if each stretches it, it explodes.", (scope) => back(scope, counted(0, depth))),
    ], // prettier-ignore
    slips: [
      { name: "one unit of the product is forgotten", of: goal, evaluate: (scope) => back(scope, counted(1, depth)) },
      { name: "the factors stand in the forward order", of: goal, evaluate: (scope) => back(scope, counted(0, depth).reverse()) },
      { name: "the derivatives are added, where they multiply", of: goal, evaluate: (scope) => product(scope.gradient(`x${depth}`), counted(0, depth).map((i) => J(i, scope)).reduce(plus)) },
      { name: "sigma's derivative is left out", of: goal, evaluate: (scope) => chained([scope.gradient(`x${depth}`), ...counted(0, depth).reverse().map((i) => flipped(scope.value(`W${i}`)))]) },
    ], // prettier-ignore
  });
}

/** A residual chain's program: x_{i+1} = h_i + F_i, with S, the sum of all F, beside it. */
function residualProgram(depth: number, rule: ShortcutRule) {
  return (inputs: Readonly<Record<string, Value>>): Value => {
    let x = inputs["x0"]!;
    let s: Value | undefined;
    for (const i of counted(0, depth)) {
      const learned = operations.sigmoid(operations.matmul(x, inputs[`W${i}`]!));
      const f = (rule.gate ? operations.multiply(gate(x, i, inputs), learned) : learned).named(`F${i}`);
      // Named before the last addition, so that everything a line may ask for lies before the result.
      s = s ? operations.add(s, f) : operations.scale(f, { factor: 1 });
      if (i === depth - 1) s.named("S");
      x = operations.add(rule.h(x, i, inputs).named(`h${i}`), f).named(`x${i + 1}`);
    }
    return x;
  };
}

const chain = (units: readonly number[], factor: (i: number) => string): string =>
  [...units].reverse().map(factor).join(" \\, ");

/** x_{i+1} = h(x_i) + F_i(x_i), for any shortcut h: the gradient, its pure shortcut term, and the rest. */
export function residualChain(options: ResidualChainOptions = {}): Derivation {
  const { depth = 3, shortcut = "identity" } = options;
  checkDepth(depth);
  const rule: ShortcutRule = shortcutRules[shortcut];
  if (!(rule as ShortcutRule | undefined)) {
    throw new RangeError(
      `a shortcut must be one of ${Object.keys(shortcutRules).join(", ")}; got ${shortcut}`,
    );
  }
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
  const f = rule.gate ? (i: number) => `g(x_{${i}}) \\odot \\sigma(x_{${i}} W_{${i}})` : (i: number) => `\\sigma(x_{${i}} W_{${i}})`; // prettier-ignore
  return derivation({
    name: "residualChain",
    title: `A chain of ${depth} residual units with ${rule.title}`,
    inputs: chainInputs(depth, { W: square, ...rule.inputs }),
    counts: { L: depth },
    program: residualProgram(depth, rule),
    lines: [
      ...units.flatMap((i) => [
        definition(`h${i}`, `h_{${i}} = ${rule.latex(String(i))}`, `The shortcut of unit ${i}.`, (scope) => rule.formula(scope, i)),
        definition(`F${i}`, `\\mathcal{F}_{${i}} = ${f(i)}`, `The residual of unit ${i}.`, (scope) => F(i, scope)),
        definition(`x${i + 1}`, `x_{${i + 1}} = h_{${i}} + \\mathcal{F}_{${i}}`, "The addition; nothing follows it.", ({ value }) => plus(value(`h${i}`), value(`F${i}`))),
      ]),
      ...units.flatMap((i) => [
        line(jacobianOf(`h${i}`, `x${i}`), `H_{${i}} = ${partial(`h_{${i}}`, `x_{${i}}`)} = ${rule.derivative(String(i))}`, rule.rule, rule.reason, (scope) => asJacobian(H(i, scope))),
        line(jacobianOf(`F${i}`, `x${i}`), `J_{${i}} = ${partial(`\\mathcal{F}_{${i}}`, `x_{${i}}`)} = ${rule.gate ? `\\operatorname{diag}(\\sigma(x_{${i}} W_{${i}})) \\, ${partial("g", `x_{${i}}`)} + \\operatorname{diag}(g) \\, ` : ""}\\operatorname{diag}(\\sigma'(x_{${i}} W_{${i}})) \\, W_{${i}}^\\top`, rule.gate ? "product rule and chain rule" : "chain rule", "Gradients are rows, so W stands transposed.", (scope) => asJacobian(R(i, scope))),
      ]),
      ...[...units].reverse().map((i) =>
        line(gradientOf(`x${i}`), `${dE(`x_{${i}}`)} = ${dE(`x_{${i + 1}}`)} \\, (H_{${i}} + J_{${i}})`, "chain rule and sum rule", "x goes into the shortcut and into F, and what comes back is added.", (scope) => product(scope.gradient(`x${i + 1}`), both(i, scope)))),
      line(goal, `${dE("x_0")} = ${dE(`x_{${depth}}`)} \\, ${chain(units, (i) => `(H_{${i}} + J_{${i}})`)}`, "substitution", "Each gradient goes into the next line.", (scope) => through(scope, both)),
      line(goal, `${dE("x_0")} = ${dE(`x_{${depth}}`)} \\left( ${chain(units, (i) => `H_{${i}}`)} + ${units.map((k) => chain(units, (i) => (i > k ? `H_{${i}}` : i === k ? `J_{${i}}` : `(H_{${i}} + J_{${i}})`))).reverse().join(" + ")} \\right)`, "distribution", "Multiply out from the top: either the shortcut is taken all the way, or there is a first unit whose branch is taken.", (scope) => units.map((k) => firstBranchAt(scope, k)).reduce(plus, through(scope, H))),
    ], // prettier-ignore
    slips: [
      { name: "the shortcuts' gradient is dropped", of: goal, evaluate: (scope) => through(scope, R) },
      { name: "the branches' gradient is dropped", of: goal, evaluate: (scope) => through(scope, H) },
      { name: "the two products are added, where the sums multiply", of: goal, evaluate: (scope) => plus(through(scope, R), through(scope, H)) },
      ...(rule.inputs === gated.inputs ? [{ name: "the gate is taken to be constant", of: jacobianOf("h0", "x0"), evaluate: (scope: Scope) => asJacobian(diagonal(map(gateOf(scope, 0), (g) => 1 - g))) }] : []),
      ...(shortcut === "projected" ? [{ name: "the projection is not transposed", of: jacobianOf("h0", "x0"), evaluate: (scope: Scope) => asJacobian(weightOf("P", scope, 0)) }] : []),
      ...(shortcut === "dropped" ? [{ name: "the division by q is forgotten", of: jacobianOf("h0", "x0"), evaluate: () => asJacobian(diagonal(maskOf(0))) }] : []),
      ...(shortcut === "constant" ? [{ name: "the shortcut's factor is forgotten", of: jacobianOf("h0", "x0"), evaluate: () => asJacobian(identity()) }] : []),
    ], // prettier-ignore
  });
}

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
        definition(`x${i + 1}`, `x_{${i + 1}} = x_{${i}} + \\mathcal{F}_{${i}}`, "The unit (identity paper, equation 3); F_i is short for F(x_i, W_i).", (scope) => added(scope, scope.value(`x${i}`), [i])),
        ...(i === 0 ? [] : [line(valueOf(`x${i + 1}`), `x_{${i + 1}} = x_0 + ${sumOfF(i + 1)}`, "substitution", `x_${i} was written as x_0 and residuals before.`, (scope) => added(scope, scope.value("x0"), counted(0, i + 1)))]),
      ]),
      line(last, `x_L = x_l + \\sum_{i=l}^{L-1} \\mathcal{F}(x_i, W_i) \\qquad (l = 0, \\; L = ${depth})`, "induction", "The same step for any number of units (identity paper, equation 4): a deep x is a shallow x and a sum, where a plain chain has a product.", (scope) => added(scope, scope.value("x0"), counted(0, depth))),
    ], // prettier-ignore
    slips: [
      { name: "the sum ends one unit early", of: last, evaluate: (scope) => added(scope, scope.value("x0"), counted(0, depth - 1)) },
      { name: "x_l is forgotten", of: last, evaluate: (scope) => added(scope, tabulate(row, () => 0), counted(0, depth)) },
      { name: "every F is computed of x_l, where it is of its own x_i", of: last, evaluate: (scope) => counted(0, depth).map((i) => sigma(product(scope.value("x0"), scope.value(`W${i}`)))).reduce(plus, scope.value("x0")) },
    ], // prettier-ignore
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
      line(valueOf("S"), `S = ${S} \\qquad (l = 0, \\; L = ${depth})`, "definition", "All residuals between x_l and x_L.", (scope) => added(scope, tabulate(row, () => 0), counted(0, depth))),
      line(valueOf(last), "x_L = x_l + S", "forward sum", "Derived in forwardSum (identity paper, equation 4).", ({ value }) => plus(value("x0"), value("S"))),
      line(goal, `${dE("x_l")} = ${dE("x_L")} \\, ${partial("x_L", "x_l")}`, "chain rule", "E depends on x_l through x_L alone.", (scope) => product(top(scope), asMatrix(scope.jacobian(last, "x0")))),
      line(jacobianOf(last, "x0"), `${partial("x_L", "x_l")} = ${partial("x_l", "x_l")} + ${partial("S", "x_l")}`, "sum rule", "The derivative of a sum is the sum of the derivatives.", (scope) => plus(scope.jacobian("x0", "x0"), scope.jacobian("S", "x0"))),
      line(jacobianOf(last, "x0"), `${partial("x_L", "x_l")} = 1 + ${partial("", "x_l")} ${S}`, "derivative of the identity", "The 1 is the identity matrix. Every F_i depends on x_l, through all the units before it.", (scope) => plus(asJacobian(identity()), scope.jacobian("S", "x0"))),
      line(goal, `${dE("x_l")} = ${dE("x_L")} \\left( 1 + ${partial("", "x_l")} ${S} \\right)`, "substitution", "Identity paper, equation 5.", (scope) => product(top(scope), plus(identity(), dS(scope)))),
      line(goal, `${dE("x_l")} = ${dE("x_L")} + ${dE("x_L")} \\, ${partial("", "x_l")} ${S}`, "distribution", "The identity term arrives whole, whatever the weights are; it is cancelled only if the residual term is its exact opposite, for all examples of a batch at once.", (scope) => plus(top(scope), product(top(scope), dS(scope)))),
    ], // prettier-ignore
    slips: [
      { name: "the shortcut's gradient is dropped: the 1 is missing", of: goal, evaluate: (scope) => product(top(scope), dS(scope)) },
      { name: "the residual term is dropped: only the 1 is left", of: goal, evaluate: top },
      { name: "a product stands in place of the sum, as in a plain chain", of: goal, evaluate: (scope) => chained([top(scope), ...counted(0, depth).reverse().map((i) => J(i, scope))]) },
      { name: "each F is differentiated as if only its own unit counted, and the units before it were constant", of: goal, evaluate: (scope) => product(top(scope), plus(identity(), J(0, scope))) },
      { name: "the 1 is a matrix of ones, where it is the identity", of: jacobianOf(last, "x0"), evaluate: (scope) => plus(asJacobian(tabulate(square, () => 1)), scope.jacobian("S", "x0")) },
    ], // prettier-ignore
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
  const back = (scope: Scope, power: number) => product(top(scope), plus(scaled(identity(), lambda ** power), dSum(scope))); // prettier-ignore
  const S = "\\sum_{i=0}^{L-1} \\lambda^{L-1-i} \\mathcal{F}_i";
  return derivation({
    name: "lambdaPower",
    title: "Shortcuts scaled by lambda: the 1 becomes lambda to the L",
    inputs: chainInputs(depth, { W: square }),
    counts: { L: depth, lambda },
    program: residualProgram(depth, shortcutRules.constant),
    lines: [
      ...units.flatMap((i) => [
        definition(`x${i + 1}`, `x_{${i + 1}} = \\lambda \\, x_{${i}} + \\mathcal{F}_{${i}}`, "The unit (identity paper, equation 6), with the same lambda everywhere.", ({ value }) => plus(scaled(value(`x${i}`), lambda), value(`F${i}`))),
        ...(i === 0 ? [] : [line(valueOf(`x${i + 1}`), `x_{${i + 1}} = \\lambda^{${i + 1}} x_0 + ${counted(0, i + 1).map((k) => `\\lambda^{${i - k}} \\mathcal{F}_{${k}}`).join(" + ")}`, "substitution", "Everything that came before is scaled once more.", ({ value }: Scope) => counted(0, i + 1).map((k) => scaled(value(`F${k}`), lambda ** (i - k))).reduce(plus, scaled(value("x0"), lambda ** (i + 1))))]),
      ]),
      line(valueOf(last), `x_L = \\lambda^L x_0 + ${S} \\qquad (L = ${depth})`, "induction", "Identity paper, equation 7, with all factors equal.", (scope) => plus(scaled(scope.value("x0"), lambda ** depth), weighed(scope, (i) => depth - 1 - i))),
      line(jacobianOf(last, "x0"), `${partial("x_L", "x_0")} = \\lambda^L + ${partial("", "x_0")} ${S}`, "sum rule", "The first term is a multiple of x_0, and its derivative that multiple of the identity matrix.", (scope) => asJacobian(plus(scaled(identity(), lambda ** depth), dSum(scope)))),
      line(goal, `${dE("x_0")} = ${dE("x_L")} \\left( \\lambda^L + ${partial("", "x_0")} ${S} \\right)`, "chain rule", "Identity paper, equation 8: for lambda below 1 the shortcut's term vanishes with depth, for lambda above 1 it explodes.", (scope) => back(scope, depth)),
    ], // prettier-ignore
    slips: [
      { name: "the factor counts once: lambda, not lambda to the L", of: goal, evaluate: (scope) => back(scope, 1) },
      { name: "lambda is forgotten: the 1 of the identity", of: goal, evaluate: (scope) => back(scope, 0) },
      { name: "the power is L - 1", of: goal, evaluate: (scope) => back(scope, depth - 1) },
      { name: "the factor is added up: L lambda, not lambda to the L", of: goal, evaluate: (scope) => product(top(scope), plus(scaled(identity(), depth * lambda), dSum(scope))) },
      { name: "the residuals are not scaled by the shortcuts behind them", of: valueOf(last), evaluate: (scope) => plus(scaled(scope.value("x0"), lambda ** depth), weighed(scope, () => 0)) },
    ], // prettier-ignore
  });
}

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
  const throughF = (scope: Scope, i: number, count: number) => slice(product(scope.gradient(`F${i}`), J(i, scope)), 0, count); // prettier-ignore
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
        definition(`F${i}`, `\\mathcal{F}_{${i}} = \\sigma(x_{${i}} W_{${i}})`, `Unit ${i} adds ${growth} channels, the growth rate.`, (scope) => branch(i, scope)),
        definition(`x${i + 1}`, `x_{${i + 1}} = [x_{${i}}, \\, \\mathcal{F}_{${i}}]`, "Placed behind, not added.", ({ value }) => joined([value(`x${i}`), value(`F${i}`)])),
      ]),
      line(valueOf(`x${depth}`), `x_{${depth}} = [x_0, \\, ${units.map((i) => `\\mathcal{F}_{${i}}`).join(", \\, ")}]`, "substitution", "Every residual is still there, untouched.", ({ value }) => joined([value("x0"), ...units.map((i) => value(`F${i}`))])),
      ...[...units].reverse().flatMap((i) => [
        line(gradientOf(`F${i}`), `${dE(`\\mathcal{F}_{${i}}`)} = \\left( ${dE(`x_{${i + 1}}`)} \\right)_{\\text{last } k}`, "concatenation", "The last k channels of the gradient, k the growth rate.", ({ gradient }) => slice(gradient(`x${i + 1}`), widthOf(i), growth)),
        line(gradientOf(`x${i}`), `${dE(`x_{${i}}`)} = \\left( ${dE(`x_{${i + 1}}`)} \\right)_{\\text{first}} + ${dE(`\\mathcal{F}_{${i}}`)} \\, J_{${i}}`, "sum over both ways", "x goes on as it is, and into F.", (scope) => plus(slice(scope.gradient(`x${i + 1}`), 0, widthOf(i)), throughF(scope, i, widthOf(i)))),
      ]),
      line(goal, `${dE("x_0")} = \\left( ${dE("x_L")} \\right)_{x_0} + \\sum_{i=0}^{L-1} \\left( ${dE("\\mathcal{F}_i")} \\, J_i \\right)_{x_0} \\qquad (L = ${depth})`, "substitution", "Each line goes into the next. The loss's own gradient arrives at x_0 whole, and every F_i adds what it sends straight to x_0: again one plus a sum.", (scope) => units.map((i) => throughF(scope, i, width)).reduce(plus, own(scope, 0))),
    ], // prettier-ignore
    slips: [
      { name: "the part that goes on as it is is dropped", of: goal, evaluate: (scope) => units.map((i) => throughF(scope, i, width)).reduce(plus) },
      { name: "only the first unit sends its gradient to x_0", of: goal, evaluate: (scope) => plus(own(scope, 0), throughF(scope, 0, width)) },
      { name: "the channels are taken from the wrong end", of: gradientOf("F0"), evaluate: ({ gradient }) => slice(gradient("x1"), 0, growth) },
    ], // prettier-ignore
  });
}
