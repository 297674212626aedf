// Names that fit at a place of an unfinished cell, with the place that each replaces: words, and the text of strings and paths.
import ts from "typescript";
import { ranked, type Match, type SymbolEntry } from "./ranking";

/** A completion at a cursor, in UTF-16 units. */
export interface Completion {
  /** What the matches replace: the whole of a string's text, or the word up to the cursor. */
  readonly start: number;
  readonly end: number;
  readonly matches: readonly Match[];
}

/** Where a completion is asked for. */
export interface CompletionPlace {
  readonly program: ts.Program;
  readonly cell: ts.SourceFile;
  /** Reads folders and files, for paths in imports. */
  readonly host: object;
  /** In UTF-16 units. */
  readonly position: number;
}

interface SymbolCompletions {
  readonly entries: readonly SymbolEntry[];
  readonly optionalReplacementSpan?: ts.TextSpan;
}

/** Functions of TypeScript that are there at run time but not declared. */
interface Internals {
  readonly Completions: { getCompletionsAtPosition(...rest: unknown[]): SymbolCompletions | undefined };
  isInString(file: ts.SourceFile, position: number): boolean;
}

const internals = ts as unknown as Internals;

/** Names that fit at a place, the best first. */
export function completionsAt({ program, cell, host, position }: CompletionPlace): Completion {
  const found = internals.Completions.getCompletionsAtPosition(
    host,
    program,
    () => undefined,
    cell,
    position,
    { includeCompletionsWithInsertText: false },
    undefined,
    1, // invoked by a person
    { isCancellationRequested: () => false, throwIfCancellationRequested: () => undefined },
    undefined,
    true, // with symbols
  );
  const { entries = [], optionalReplacementSpan } = found ?? {};
  const code = cell.text;
  const word = position - /[\w$]*$/u.exec(code.slice(0, position))![0].length;
  // In a string TypeScript says what is replaced, because names there hold dashes, colons and spaces.
  const span = entries.find(({ replacementSpan }) => replacementSpan)?.replacementSpan;
  const inString = span ?? (internals.isInString(cell, position) ? optionalReplacementSpan : undefined);
  const start = inString?.start ?? word;
  const end = Math.max(position, inString ? ts.textSpanEnd(inString) : position);
  const checker = program.getTypeChecker();
  const named = entries.map((entry) => withKind(checker, entry));
  return { start, end, matches: ranked(named, code.slice(start, position)) };
}

/** An entry with the kind of what it stands for: that a name was imported says nothing of it. */
function withKind(checker: ts.TypeChecker, entry: SymbolEntry): SymbolEntry {
  const { symbol } = entry;
  if (!symbol || (symbol.flags & ts.SymbolFlags.Alias) === 0) return entry;
  const { flags } = checker.getAliasedSymbol(symbol);
  const { SymbolFlags: of, ScriptElementKind: kinds } = ts;
  const kind = (
    [
      [of.Function | of.Method, kinds.functionElement],
      [of.Class, kinds.classElement],
      [of.Enum, kinds.enumElement],
      [of.Module, kinds.moduleElement],
      [of.Variable, kinds.constElement],
      [of.Interface, kinds.interfaceElement],
      [of.TypeAlias, kinds.typeElement],
    ] as const
  ).find(([flag]) => (flags & flag) !== 0)?.[1];
  return { ...entry, kind: kind ?? entry.kind };
}
