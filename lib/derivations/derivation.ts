// A derivation as data: lines that each say one thing, by which rule, why, and as a function that computes what the line says.
import { jupyterDisplay, type Displayable } from "../display/display.js";
import type { RandomStream } from "../random/index.js";
import type { NdArray } from "../autodiff/nd-array.js";
import type { Value } from "../autodiff/value.js";

/**
 * What stands on the left of a line: the value of a symbol, the gradient dE/d(symbol), or the Jacobian d(of)/d(by), an array of the
 * shape [...of's, ...by's].
 */
export type Quantity =
  | { readonly kind: "value"; readonly of: string }
  | { readonly kind: "gradient"; readonly of: string }
  | { readonly kind: "jacobian"; readonly of: string; readonly by: string };

/**
 * The value of a symbol.
 *
 * @example
 * ```ts
 * autodiff.valueOf("y"); // { kind: "value", of: "y" }
 * ```
 */
export const valueOf = (of: string): Quantity => ({ kind: "value", of });
/**
 * dE/d(symbol).
 *
 * @example
 * ```ts
 * autodiff.gradientOf("x"); // { kind: "gradient", of: "x" }
 * ```
 */
export const gradientOf = (of: string): Quantity => ({ kind: "gradient", of });
/**
 * d(of)/d(by).
 *
 * @example
 * ```ts
 * autodiff.jacobianOf("y", "x"); // { kind: "jacobian", of: "y", by: "x" }
 * ```
 */
export const jacobianOf = (of: string, by: string): Quantity => ({ kind: "jacobian", of, by });

/** A quantity in words: `dE/dx`. */
export function quantityText(quantity: Quantity): string {
  if (quantity.kind === "value") return quantity.of;
  return quantity.kind === "gradient" ? `dE/d${quantity.of}` : `d${quantity.of}/d${quantity.by}`;
}

/** The true values of the symbols on the right of a line. */
export interface Scope {
  /** What the symbol stands for. */
  readonly value: (symbol: string) => NdArray;
  /** dE/d(symbol). */
  readonly gradient: (symbol: string) => NdArray;
  /** d(of)/d(by), of the shape [...of's, ...by's]. */
  readonly jacobian: (of: string, by: string) => NdArray;
}

/** One line. */
export interface Line {
  /** What stands on its left. */
  readonly of: Quantity;
  /** The line as a formula. */
  readonly latex: string;
  /** The rule that leads to it from the lines before: `chain rule`, `product rule`, … */
  readonly rule: string;
  /** Why the rule applies, in words. */
  readonly reason: string;
  /** The right side, computed from the symbols in it and nothing else. */
  readonly evaluate: (scope: Scope) => NdArray;
}

/** A mistake that people make, as a wrong right side. */
export interface Slip {
  /** What it looks like: `the third term is missing`. */
  readonly name: string;
  /** The quantity that it gets wrong. */
  readonly of: Quantity;
  /** The wrong right side. */
  readonly evaluate: (scope: Scope) => NdArray;
}

/** What a derivation is made of. */
export interface DerivationParts {
  readonly name: string;
  readonly title: string;
  /** Odd random inputs, by symbol. */
  readonly inputs: (random: RandomStream) => Readonly<Record<string, NdArray>>;
  /** The forward pass. Each symbol of the derivation is an input or a value given that name. */
  readonly program: (inputs: Readonly<Record<string, Value>>) => Value;
  readonly lines: readonly Line[];
  readonly slips: readonly Slip[];
  /** Numbers by the symbol that stands for them, such as the m of a mean: to recognise a factor that is wrong. */
  readonly counts?: Readonly<Record<string, number>>;
}

/** A derivation. As a cell's last expression it shows its lines as formulas. */
export interface Derivation extends DerivationParts, Displayable {
  /** What it arrives at: the left side of its last line. */
  readonly goal: Quantity;
  /** The lines as Markdown, numbered. */
  readonly markdown: string;
}

/** A line's formula, its number, and what is said of it. */
export function lineMarkdown(latex: string, number: number, said: string): string {
  return `$$ ${latex} \\tag{${number}} $$\n\n${said}`;
}

/**
 * A derivation from its parts.
 *
 * @example
 * ```ts
 * const own = autodiff.derivation(autodiff.derive("relu"));
 * own.lines.map(({ rule }) => rule); // ["definition", "derivative by cases", "chain rule", "substitution", "simplification"]
 * ```
 */
export function derivation(parts: DerivationParts): Derivation {
  const numbered = parts.lines.map(({ latex, rule, reason }, i) =>
    lineMarkdown(latex, i + 1, `**${rule}.** ${reason}`),
  );
  const markdown = [`**${parts.title}**`, ...numbered].join("\n\n");
  const text = [
    parts.title,
    ...parts.lines.map(({ latex, rule, reason }, i) => `(${i + 1}) ${latex}\n    ${rule}: ${reason}`),
  ].join("\n");
  return {
    ...parts,
    goal: parts.lines.at(-1)!.of,
    markdown,
    [jupyterDisplay]: () => ({ "text/markdown": markdown, "text/plain": text }),
  };
}

/**
 * A line that breaks the rules of derivations: it names the line and its rule.
 *
 * @example
 * ```ts
 * const number = () => 1; // and not an array of x's shape
 * await autodiff.checkSteps(autodiff.derive("relu"), [number]).catch(({ name }) => name); // "DerivationError"
 * ```
 */
export class DerivationError extends RangeError {
  override name = "DerivationError";
}
