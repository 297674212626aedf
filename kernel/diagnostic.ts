// What the compiler says about a cell: places and messages, free of TypeScript's own objects.
import ts from "typescript";

/** A place in a text, all counted from 0. */
export interface Position {
  readonly offset: number;
  readonly line: number;
  readonly character: number;
}

/** One message. Explanations that TypeScript nests below a message follow it with the same place. */
export interface Diagnostic {
  readonly start: Position;
  readonly end: Position;
  readonly messageText: string;
  readonly category: number;
  readonly code: number;
  /** The local module it is about, relative to the notebook's folder; absent for the cell itself. */
  readonly fileName?: string;
}

function positionOf(file: ts.SourceFile, offset: number): Position {
  const { line, character } = ts.getLineAndCharacterOfPosition(file, offset);
  return { offset, line, character };
}

/** TypeScript's diagnostic as messages in a row; those without a place in a file are about the options and left out. */
export function flatten(diagnostic: ts.Diagnostic, fileName: string | undefined): Diagnostic[] {
  const { file, start, length = 0, category } = diagnostic;
  if (!file || start === undefined) return [];
  const place = {
    start: positionOf(file, start),
    end: positionOf(file, start + length),
    category,
    ...(fileName !== undefined && { fileName }),
  };
  const walk = (message: string | ts.DiagnosticMessageChain, code: number): Diagnostic[] =>
    typeof message === "string"
      ? [{ ...place, messageText: message, code }]
      : [
          { ...place, messageText: message.messageText, code: message.code },
          ...(message.next ?? []).flatMap((next) => walk(next, next.code)),
        ];
  return walk(diagnostic.messageText, diagnostic.code);
}
