// What derivations of chains share: rows and matrices, the branch F(x) = sigma(x W), and the shortcuts as data.
import { tabulate, type NdArray, type Shape } from "../../autodiff/nd-array.js";
import * as operations from "../../autodiff/operations.js";
import type { Value } from "../../autodiff/value.js";
import { inputsOf, partial } from "../build.js";
import type { Scope } from "../derivation.js";
import { bracket, flipped, map, plus, product, times } from "../formulas.js";

export const width = 3;
export const row: Shape = [1, width];
export const square: Shape = [width, width];

/** A Jacobian of rows, [1, d, 1, d'], as the matrix that a gradient (a row) is multiplied by: element [b, a] is dy_b/dx_a. */
export const asMatrix = (jacobian: NdArray): NdArray => ({
  shape: [jacobian.shape[1]!, jacobian.shape[3]!],
  data: jacobian.data,
});
export const asJacobian = (matrix: NdArray): NdArray => ({
  shape: [1, matrix.shape[0]!, 1, matrix.shape[1]!],
  data: matrix.data,
});
export const identity = (size = width): NdArray => tabulate([size, size], (i, j) => bracket(i === j));
export const scaled = (a: NdArray, factor: number): NdArray => map(a, (value) => factor * value);
export const diagonal = (values: NdArray): NdArray =>
  tabulate([values.data.length, values.data.length], (i, j) => bracket(i === j) * values.data[i]!);
export const sigma = (z: NdArray): NdArray => map(z, (value) => 1 / (1 + Math.exp(-value)));
export const slopes = (s: NdArray): NdArray => map(s, (value) => value * (1 - value));
/** The product of matrices, from the left. */
export const chained = (matrices: readonly NdArray[]): NdArray => matrices.reduce(product);
export const counted = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, i) => from + i);

/** The derivative of sigma(x W): the matrix of dF_b/dx_a = sigma'(z_b) W_ab. */
export function branchMatrix(x: NdArray, w: NdArray): NdArray {
  return product(diagonal(slopes(sigma(product(x, w)))), flipped(w));
}

/** How deep. */
export interface ChainOptions {
  /** Units. Default: 3. */
  readonly depth?: number;
}

export function checkDepth(depth: number): void {
  if (!Number.isInteger(depth) || depth < 2 || depth > 6)
    throw new RangeError(`a chain's depth must be a whole number from 2 to 6; got ${depth}`);
}

/** The inputs of a chain: x0, and for each unit its matrices. */
export const chainInputs = (depth: number, matrices: Readonly<Record<string, Shape>>) =>
  inputsOf({
    x0: row,
    ...Object.fromEntries(
      counted(0, depth).flatMap((i) =>
        Object.entries(matrices).map(([name, shape]) => [`${name}${i}`, shape]),
      ),
    ),
  });

export const branch = (i: number, scope: Scope): NdArray =>
  sigma(product(scope.value(`x${i}`), scope.value(`W${i}`)));
export const J = (i: number, scope: Scope): NdArray =>
  branchMatrix(scope.value(`x${i}`), scope.value(`W${i}`));

/** x_{i+1} = h_i + F_i. What h is, its derivative as a matrix, and what F is multiplied by. */
export interface ShortcutRule {
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

export const lambda = 0.7;
export const keep = 0.8;
export const maskOf = (i: number): NdArray => tabulate(row, (_, a) => bracket((a + i) % 3 !== 0));
export const weightOf = (name: string, scope: Scope, i: number): NdArray => scope.value(`${name}${i}`);
export const gateOf = (scope: Scope, i: number): NdArray =>
  sigma(product(scope.value(`x${i}`), weightOf("G", scope, i)));
export const gate = (x: Value, i: number, inputs: Readonly<Record<string, Value>>): Value =>
  operations.sigmoid(operations.matmul(x, inputs[`G${i}`]!));
/** The derivative of (1 - g(x)) x, element by element: diag(1 - g) - diag(x) dg/dx. */
export const gatedMatrix = (scope: Scope, i: number): NdArray => {
  const [x, g] = [scope.value(`x${i}`), gateOf(scope, i)];
  const dg = branchMatrix(x, weightOf("G", scope, i));
  return plus(diagonal(map(g, (value) => 1 - value)), scaled(product(diagonal(x), dg), -1));
};
export const gated = {
  inputs: { G: square },
  h: (x: Value, i: number, inputs: Readonly<Record<string, Value>>) =>
    operations.multiply(operations.subtract(1, gate(x, i, inputs)), x),
  latex: (i: string) => `(1 - g(x_{${i}})) \\odot x_{${i}}`,
  formula: (scope: Scope, i: number) =>
    times(
      map(gateOf(scope, i), (g) => 1 - g),
      scope.value(`x${i}`),
    ),
  derivative: (i: string) =>
    `\\operatorname{diag}(1 - g(x_{${i}})) - \\operatorname{diag}(x_{${i}}) \\, ${partial("g", `x_{${i}}`)}`,
  rule: "product rule",
  reason: "The gate scales x, and depends on x itself: g(x) is sigma of x G.",
  matrix: gatedMatrix,
};

/** The shortcuts of the identity paper's Table 1, and the identity. */
export const shortcutRules = {
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

/** A residual chain's program: x_{i+1} = h_i + F_i, with S, the sum of all F, beside it. */
export function residualProgram(depth: number, rule: ShortcutRule) {
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
