// How an operation of few lines is derived: what it is, how each output depends on each input, the chain rule, and what is left of it.
import type { NdArray } from "../../autodiff/nd-array.js";
import {
  chainRule,
  dE,
  definition,
  indexed,
  jacobianLine,
  line,
  overPairs,
  partial,
  sumOver,
} from "../build.js";
import {
  derivation,
  gradientOf,
  type Derivation,
  type DerivationParts,
  type Line,
  type Scope,
} from "../derivation.js";
import { contract } from "../formulas.js";

/** The derivative with respect to one input. */
export interface Derivative {
  readonly by: string;
  /** Its symbol in LaTeX. Default: `by`. */
  readonly symbol?: string;
  /** The indices of y and of the input, in LaTeX. Default: `i` and `j`. */
  readonly indices?: readonly [string, string];
  /** dy_i/dx_j: its right side in LaTeX, the rule, the reason, and the formula. */
  readonly derivative: string;
  readonly rule: string;
  readonly reason: string;
  readonly element: (scope: Scope, i: readonly number[], j: readonly number[]) => number;
  /** Further lines about dy_i/dx_j. */
  readonly further?: readonly Line[];
  /** dE/dx_j when the sum is carried out: its right side in LaTeX, the reason, and the formula. */
  readonly result: string;
  readonly because: string;
  readonly evaluate: (scope: Scope) => NdArray;
}

/** An operation with the result y. */
export interface SimpleOperation extends Omit<DerivationParts, "lines"> {
  /** y_i, in LaTeX, with what it means and the formula. */
  readonly definition: {
    readonly latex: string;
    readonly reason: string;
    readonly evaluate: (scope: Scope) => NdArray;
  };
  readonly derivatives: readonly Derivative[];
}

/** The derivation: for each input five lines. */
export function simple({ definition: what, derivatives, ...parts }: SimpleOperation): Derivation {
  const lines = [
    definition("y", what.latex, what.reason, what.evaluate),
    ...derivatives.flatMap((one): Line[] => {
      const { by, symbol = by, indices = ["i", "j"], derivative, rule, reason, element, further = [] } = one;
      const [y, x] = [indexed("y", indices[0]), indexed(symbol, indices[1])];
      return [
        jacobianLine("y", by, `${partial(y, x)} = ${derivative}`, rule, reason, element),
        ...further,
        chainRule("y", by, ...indices, ["y", symbol]),
        line(
          gradientOf(by),
          `${dE(x)} = ${sumOver(indices[0])}${dE(y)} \\, ${derivative}`,
          "substitution",
          "The derivative that was found goes into the chain rule.",
          (scope) =>
            contract(
              scope.gradient("y"),
              overPairs(scope.value("y"), scope.value(by), (i, j) => element(scope, i, j)),
            ),
        ),
        line(gradientOf(by), `${dE(x)} = ${one.result}`, "simplification", one.because, one.evaluate),
      ];
    }),
  ];
  return derivation({ ...parts, lines });
}
