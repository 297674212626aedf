// What a failed cell tells: type errors with their lines, exceptions without the kernel's own frames.
import type { Diagnostic } from "./diagnostic";
import { linesOf } from "./lines";
import { withoutMarks } from "./names";
import { isForeign, type SourceLines } from "./source-lines";
import { errorText, isError, messageOf, nameOf, shown } from "./thrown";

/** The content that Jupyter's `error` message and a failed `execute_reply` share. */
export interface ErrorContent {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

const red = (text: string): string => `\u001b[31m${text}\u001b[39m`;
const dim = (text: string): string => `\u001b[2m${text}\u001b[22m`;

/** A message and the explanations that tslab lists after it as diagnostics of their own, at the same place. */
interface Finding {
  readonly at: Diagnostic;
  readonly explanations: string[];
}

function gather(diagnostics: readonly Diagnostic[]): Finding[] {
  const findings: Finding[] = [];
  for (const diagnostic of diagnostics) {
    const last = findings.at(-1);
    const samePlace =
      last?.at.fileName === diagnostic.fileName &&
      last?.at.start.offset === diagnostic.start.offset &&
      last.at.end.offset === diagnostic.end.offset;
    if (last && samePlace) last.explanations.push(diagnostic.messageText);
    else findings.push({ at: diagnostic, explanations: [] });
  }
  return findings;
}

/** Of a longer line so much is shown on either side of the place that is wrong. */
const shownAround = 200;

/** A source line, and below it carets under `length` units from `column` (counted from 0). */
function underlined(line: number, text: string, column: number, length: number): string[] {
  const margin = `${String(line)} | `;
  const [begin, end] = [Math.max(0, column - shownAround), column + shownAround];
  const before = (begin > 0 ? "…" : "") + text.slice(begin, column);
  const after = text.slice(column, end) + (end < text.length ? "…" : "");
  const indent = before.replace(/[^\t]/g, " ");
  const carets = "^".repeat(Math.min(Math.max(1, length), shownAround));
  return [dim(margin) + before + after, " ".repeat(margin.length) + indent + red(carets)];
}

/** The source line with the offending part underlined; a part of several lines is underlined to the first one's end. */
function excerpt({ start, end }: Diagnostic, code: string): string[] {
  const text = linesOf(code)[start.line];
  if (text === undefined) return [];
  const stop = end.line === start.line ? end.character : text.length;
  return underlined(start.line + 1, text, start.character, stop - start.character);
}

/** What is worth a warning in a cell that runs all the same, as text. */
export function warnings(diagnostics: readonly Diagnostic[], code: string): string {
  const lines = gather(diagnostics).flatMap(({ at, explanations }) => [
    `warning ${headline(at)}`,
    ...explanations.map((text) => `  ${text}`),
    ...(at.fileName === undefined ? excerpt(at, code) : []),
  ]);
  return `${lines.join("\n")}\n`;
}

const headline = (at: Diagnostic): string =>
  `${at.fileName ?? "cell"}:${String(at.start.line + 1)}:${String(at.start.character + 1)} - TS${String(at.code)}: ${at.messageText}`;

/** One error that lists every type error of a cell: place, code, message, source line and caret. */
export function typeErrors(diagnostics: readonly Diagnostic[], code: string): ErrorContent {
  const findings = gather(diagnostics);
  return {
    ename: "TypeScriptError",
    evalue: findings.map(({ at }) => headline(at)).join("\n"),
    traceback: findings.flatMap((finding) => [
      red(headline(finding.at)),
      ...finding.explanations.map((text) => `  ${text}`),
      ...(finding.at.fileName === undefined ? excerpt(finding.at, code) : []),
    ]),
  };
}

/**
 * What a cell threw, with the cells' own lines. Anything may be thrown; what is no Error is shown as it is.
 */
export function exception(error: unknown, lines: SourceLines): ErrorContent {
  if (!isError(error)) {
    const evalue = shown(error);
    return { ename: "Error", evalue, traceback: [red(`Uncaught ${evalue}`)] };
  }
  const ename = nameOf(error);
  const [head = ename, ...rest] = withoutMarks(errorText(error))
    .split("\n")
    .filter((line) => !isForeign(line));
  const at = lines.pointedAt(rest);
  const marked = at ? underlined(at.line, at.text, at.column - 1, 1) : [];
  return { ename, evalue: withoutMarks(messageOf(error)), traceback: [red(head), ...rest, ...marked] };
}

/** What the kernel tells where it failed itself: a value that JSON cannot hold, or a cell that the compiler cannot read. */
export function failure(error: unknown): ErrorContent {
  const [name, message] = isError(error) ? [nameOf(error), messageOf(error)] : ["Error", shown(error)];
  const isTooDeep = name === "RangeError" && message.startsWith("Maximum call stack");
  const evalue = isTooDeep
    ? "the cell is nested too deeply for the compiler; split its longest expression into parts"
    : message;
  return { ename: name, evalue, traceback: [red(`${name}: ${evalue}`)] };
}

/** What an interrupted cell tells, by the name that Jupyter's clients know. */
export const interruption: ErrorContent = {
  ename: "KeyboardInterrupt",
  evalue: "the cell was interrupted",
  traceback: [red("KeyboardInterrupt: the cell was interrupted")],
};
