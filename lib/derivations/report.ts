// What was found of a derivation, and how it is shown: each line as a formula, its reason in words, and the result beside it.
import { jupyterDisplay, type Displayable } from "../display/display.js";
import { formatNumber } from "../display/numbers.js";
import { table } from "../display/table.js";
import { shapeText, type NdArray } from "../autodiff/nd-array.js";
import { lineMarkdown, type Line } from "./derivation.js";

/** Who knows a quantity. */
export type Witness = "tape" | "finite differences" | "TensorFlow.js";

/** The order in which they are asked and shown. */
export const everyWitness: readonly Witness[] = ["tape", "finite differences", "TensorFlow.js"];

/** The element in which a line is furthest off. */
export interface Deviation {
  /** Which set of values, by its seed, and the values. */
  readonly seed: number;
  readonly inputs: Readonly<Record<string, NdArray>>;
  readonly index: readonly number[];
  readonly got: number;
  readonly expected: number;
  /** The difference over the quantity's largest number. */
  readonly relativeError: number;
  /** Who disagrees. */
  readonly with: Witness;
}

/** What was found of a line. */
export interface LineReport {
  /** From 1. */
  readonly line: number;
  readonly rule: string;
  readonly of: string;
  readonly holds: boolean;
  /** The largest relative error against each witness; undefined where it has no opinion. */
  readonly errors: Readonly<Record<Witness, number | undefined>>;
  /** The same against the line before with the same left side; undefined if this is the first with it. */
  readonly fromLineBefore: number | undefined;
  /** Elements at which the quantity has no derivative, and which are left out. */
  readonly kinks: number;
  readonly deviation: Deviation | undefined;
}

/** What was found of a derivation. As a cell's last expression it shows each line as a formula, with its reason and its result. */
export interface DerivationReport extends Displayable {
  readonly holds: boolean;
  readonly lines: readonly LineReport[];
  /** The first line that does not follow. */
  readonly broken: LineReport | undefined;
  /** The lines and how far they are off, as a table. */
  readonly text: string;
  /** The lines with their formulas, reasons and results, as Markdown. */
  readonly markdown: string;
}

/** Where and by how much a line is off, in one sentence. */
export function deviationText({
  index,
  got,
  expected,
  relativeError,
  seed,
  with: witness,
}: Deviation): string {
  const says =
    witness === "finite differences"
      ? "finite differences give"
      : `${witness === "tape" ? "the tape" : witness} gives`;
  return `at index ${shapeText(index)} it gives ${six(got)}, ${says} ${six(expected)} (off by ${formatNumber(relativeError)} of the largest number; values of seed ${seed})`;
}

const short = (value: number): string => (value === 0 ? "0" : value.toExponential(0));
const six = (value: number): string => (value === 0 ? "0" : value.toPrecision(6));

/** How far a line that holds is off, from each witness that was asked and has an opinion. */
export function agreementText({ errors, kinks }: Pick<LineReport, "errors" | "kinks">): string {
  const from = everyWitness
    .filter((witness) => errors[witness] !== undefined)
    .map((witness) => `${witness} ${short(errors[witness]!)}`);
  const left = kinks === 0 ? "" : `; left out: ${kinks} ${kinks === 1 ? "element" : "elements"} at a kink`;
  return `off: ${from.join(", ")}${left}`;
}

/** The report on a derivation's lines. */
export function reportOf(
  { title, lines }: { readonly title: string; readonly lines: readonly Line[] },
  reports: readonly LineReport[],
): DerivationReport {
  const broken = reports.find(({ holds }) => !holds);
  const verdict = broken
    ? `${title}: line ${broken.line} (${broken.rule}) does not follow: ${deviationText(broken.deviation!)}`
    : `${title}: all ${reports.length} lines hold`;
  const shown = table(
    reports.map(({ line, of, rule, holds, errors, kinks }) => ({
      line,
      of,
      rule,
      holds: holds ? "yes" : "no",
      ...errors,
      kinks,
    })),
    {
      title: verdict,
      columns: [
        "line",
        { key: "of", title: "left side" },
        "rule",
        "holds",
        ...everyWitness.map((key) => ({ key, title: `off from ${key}`, format: short })),
        "kinks",
      ],
    },
  );
  const said = (report: LineReport, { rule, reason }: Line): string =>
    report.holds
      ? `✓ **${rule}.** ${reason} *(${agreementText(report)})*`
      : `✗ **${rule}.** ${reason} **This line does not follow:** ${deviationText(report.deviation!)}.`;
  const markdown = [
    `**${verdict}.**`,
    ...reports.map((report, i) => lineMarkdown(lines[i]!.latex, report.line, said(report, lines[i]!))),
  ].join("\n\n");
  return {
    holds: broken === undefined,
    lines: reports,
    broken,
    text: shown.text,
    markdown,
    [jupyterDisplay]: () => ({ "text/markdown": markdown, "text/plain": shown.text }),
  };
}
