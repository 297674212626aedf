// A learner's own derivation: checks each step, and says which breaks, where, by how much, and what slip it looks like.
import { jupyterDisplay, type Displayable } from "../display/display.js";
import { sameShape, shapeText, tabulate, at, type NdArray } from "../autodiff/nd-array.js";
import {
  derivation as assemble,
  lineMarkdown,
  quantityText,
  type Derivation,
  type Line,
  type Quantity,
  type Scope,
} from "./derivation.js";
import { byTape, lookUp, run } from "./oracles.js";
import { agreementText, deviationText, type LineReport } from "./report.js";
import { onlyKnown } from "../options.js";
import { evaluate, verify, verifyOptions, type VerifyOptions } from "./verify.js";

/** One step of a learner's derivation: a function alone, or with what belongs to it. */
export type OwnStep = Line["evaluate"] | OwnLine;

/** A step with its formula. */
export interface OwnLine extends Partial<Omit<Line, "evaluate">> {
  /** The step's right side. */
  readonly evaluate: Line["evaluate"];
}

/** What was found of a step. */
export interface StepReport extends LineReport {
  readonly latex: string | undefined;
  /** Known slips that give the very same numbers. */
  readonly slips: readonly string[];
  /** In words: holds, or which step breaks, on which input, by how much, and what it looks like. */
  readonly message: string;
}

/** What was found of all steps. As a cell's last expression it shows its messages. */
export interface OwnReport extends Displayable {
  readonly holds: boolean;
  readonly steps: readonly StepReport[];
  readonly broken: StepReport | undefined;
  readonly message: string;
}

/**
 * Checks a learner's derivation of what `problem` derives.
 *
 * A step that does not say what stands on its left claims the problem's goal.
 *
 * @example
 * ```ts
 * const { at, derive, tabulate } = autodiff;
 * const own = ({ value, gradient }) =>
 *   tabulate([3, 2], (i, j) => (at(value("x"), i, j) > 0 ? at(gradient("y"), i, j) : 0));
 * (await autodiff.checkSteps(derive("relu"), [own])).holds; // true
 * ```
 *
 * @throws DerivationError that names the step and its rule if it throws, gives a wrong shape or a value that is not finite.
 */
export async function checkSteps(
  problem: Derivation,
  steps: readonly OwnStep[],
  options: VerifyOptions = {},
): Promise<OwnReport> {
  onlyKnown("checkSteps", options, verifyOptions);
  if (steps.length === 0) throw new RangeError("a derivation must have at least one step; got none");
  const lines = steps.map((step): Line => {
    const own: OwnLine = typeof step === "function" ? { evaluate: step } : step;
    return { of: problem.goal, latex: "", rule: "no rule given", reason: "", ...own };
  });
  const report = await verify(assemble({ ...problem, lines }), options);
  const found = report.lines.map((one, i): StepReport => {
    const line = lines[i]!;
    const slips = one.holds ? [] : recognise(problem, line, i + 1, options.seed ?? 1);
    return {
      ...one,
      latex: line.latex === "" ? undefined : line.latex,
      slips,
      message: messageOf(one, line, slips),
    };
  });
  const broken = report.broken && found[report.broken.line - 1];
  const message = found.map((step) => step.message).join("\n");
  const markdown = found
    .map((step) => {
      const said = step.holds ? `✓ ${step.message} *(${agreementText(step)})*` : `✗ **${step.message}**`;
      return step.latex === undefined ? said : lineMarkdown(step.latex, step.line, said);
    })
    .join("\n\n");
  return {
    holds: broken === undefined,
    steps: found,
    broken,
    message,
    [jupyterDisplay]: () => ({ "text/markdown": markdown, "text/plain": message }),
  };
}

function messageOf(report: LineReport, { rule, of }: Line, slips: readonly string[]): string {
  const place = `Step ${report.line}${rule === "no rule given" ? "" : ` (${rule})`}`;
  if (report.holds) return `${place} holds: ${quantityText(of)}.`;
  const { inputs } = report.deviation!;
  const shapes = Object.entries(inputs).map(([name, { shape }]) => `${name} ${shapeText(shape)}`);
  const look =
    slips.length === 0 ? "It looks like no slip that is known here." : `It looks like this: ${slips[0]!}.`;
  return `${place} breaks: for ${shapes.join(", ")}, ${quantityText(of)} ${deviationText(report.deviation!)}. ${look}`;
}

/** Slips that give the same numbers as the line, for two sets of values. */
function recognise(problem: Derivation, line: Line, number: number, seed: number): string[] {
  const suspects = [...problem.slips.filter(({ of }) => quantityText(of) === quantityText(line.of))];
  const runs = [seed, seed + 1].map((one) => {
    const scope = byTape(run(problem, one));
    const truth = lookUp(scope, line.of);
    return { scope, truth, got: evaluate(line, number, scope, truth.shape) };
  });
  const known = suspects
    .filter((slip) => runs.every(({ scope, got }) => sameNumbers(slip.evaluate(scope), got)))
    .map(({ name }) => name);
  return known.length > 0 ? known : general(problem, line.of, runs);
}

/** One run of a wrong line: what it gives, and what is right. */
interface Wrong {
  readonly scope: Scope;
  readonly truth: NdArray;
  readonly got: NdArray;
}

/** Slips that any line can have: a sign, a factor, a transposition, another quantity. */
function general({ counts = {}, lines }: Derivation, of: Quantity, runs: readonly Wrong[]): string[] {
  const always = (condition: (wrong: Wrong) => boolean): boolean => runs.every(condition);
  if (always(({ got }) => got.data.every((value) => value === 0))) return ["everything is 0"];
  const factors = runs.map(factorOf);
  const factor = factors[0];
  if (factor !== undefined && factors.every((other) => other !== undefined && near(other, factor))) {
    return [factorText(factor, counts)];
  }
  const transposed = ({ got, truth }: Wrong): boolean => {
    const [rows, columns] = truth.shape;
    if (truth.shape.length !== 2 || rows !== columns) return false;
    return sameNumbers(
      got,
      tabulate(truth.shape, (i, j) => at(truth, j, i)),
    );
  };
  if (always(transposed)) return ["rows and columns are exchanged"];
  const others = new Map(lines.map((line) => [quantityText(line.of), line.of]));
  others.delete(quantityText(of));
  const other = [...others].find(([, quantity]) =>
    always(({ scope, got }) => {
      const value = lookUp(scope, quantity);
      return sameShape(value.shape, got.shape) && sameNumbers(value, got);
    }),
  );
  return other ? [`it is ${other[0]}, not ${quantityText(of)}`] : [];
}

const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-6 * Math.max(Math.abs(a), Math.abs(b));

function sameNumbers(a: NdArray, b: NdArray): boolean {
  if (!sameShape(a.shape, b.shape)) return false;
  const size = b.data.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-12);
  return a.data.every((value, i) => Math.abs(value - b.data[i]!) <= 1e-8 * size);
}

/** got / truth, where it is the same for all elements. */
function factorOf({ got, truth }: Wrong): number | undefined {
  const place = truth.data.reduce(
    (best, value, i) => (Math.abs(value) > Math.abs(truth.data[best]!) ? i : best),
    0,
  );
  const factor = got.data[place]! / truth.data[place]!;
  const scaled = { shape: truth.shape, data: truth.data.map((value) => factor * value) };
  return Number.isFinite(factor) && sameNumbers(scaled, got) ? factor : undefined;
}

function factorText(factor: number, counts: Readonly<Record<string, number>>): string {
  if (near(factor, -1)) return "the sign is wrong";
  for (const [symbol, count] of Object.entries(counts)) {
    if (near(factor, count))
      return `the factor 1/${symbol} is missing: it is ${symbol} = ${count} times too large`;
    if (near(factor, 1 / count)) return `it is divided by ${symbol} = ${count} once too often`;
  }
  return `it is ${Number(factor.toPrecision(6))} times what it should be, in every element`;
}
