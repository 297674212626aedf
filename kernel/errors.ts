// What a failed cell tells: type errors with their lines, exceptions without the kernel's own frames.
import { inspect } from "node:util";
import type { Diagnostic } from "tslab/dist/converter";

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
      last?.at.start.offset === diagnostic.start.offset && last.at.end.offset === diagnostic.end.offset;
    if (last && samePlace) last.explanations.push(diagnostic.messageText);
    else findings.push({ at: diagnostic, explanations: [] });
  }
  return findings;
}

/** The source line with the offending part underlined; a part of several lines is underlined to the first one's end. */
function excerpt({ start, end }: Diagnostic, code: string): string[] {
  const line = code.split("\n")[start.line];
  if (line === undefined) return [];
  const margin = `${String(start.line + 1)} | `;
  const stop = end.line === start.line ? end.character : line.length;
  const indent = line.slice(0, start.character).replace(/[^\t]/g, " ");
  return [
    dim(margin) + line,
    " ".repeat(margin.length) + indent + red("^".repeat(Math.max(1, stop - start.character))),
  ];
}

/** One error that lists every type error of a cell: place, code, message, source line and caret. */
export function typeErrors(diagnostics: readonly Diagnostic[], code: string): ErrorContent {
  const findings = gather(diagnostics);
  const headline = ({ at }: Finding): string =>
    `${at.fileName ?? "cell"}:${String(at.start.line + 1)}:${String(at.start.character + 1)} - TS${String(at.code)}: ${at.messageText}`;
  return {
    ename: "TypeScriptError",
    evalue: findings.map(headline).join("\n"),
    traceback: findings.flatMap((finding) => [
      red(headline(finding)),
      ...finding.explanations.map((text) => `  ${text}`),
      ...(finding.at.fileName === undefined ? excerpt(finding.at, code) : []),
    ]),
  };
}

/** Frames of the kernel, of tslab and of Node below it; none of them is the learner's code. */
const foreignFrame =
  /^\s+at .*(node:internal|node:vm|[\\/]node_modules[\\/]tslab[\\/]|[\\/]kernel[\\/]dist[\\/])/;

/** What a cell threw. Anything may be thrown; what is no Error is shown as it is. */
export function exception(error: unknown): ErrorContent {
  if (!(error instanceof Error)) {
    const evalue = inspect(error);
    return { ename: "Error", evalue, traceback: [red(`Uncaught ${evalue}`)] };
  }
  const lines = inspect(error)
    .split("\n")
    .filter((line) => !foreignFrame.test(line));
  return {
    ename: error.name,
    evalue: error.message,
    traceback: [red(lines[0] ?? error.name), ...lines.slice(1)],
  };
}

/** What an interrupted cell tells, by the name that Jupyter's clients know. */
export const interruption: ErrorContent = {
  ename: "KeyboardInterrupt",
  evalue: "the cell was interrupted",
  traceback: [red("KeyboardInterrupt: the cell was interrupted")],
};
