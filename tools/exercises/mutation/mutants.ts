// Changes an answer's text in every small way: by the operators of StrykerJS, and by three that formulas and networks call for.
import { Instrumenter } from "@stryker-mutator/instrumenter";
import ts from "typescript";

/** An answer with one change. */
export interface Mutant {
  /** The change in one line: `a > b -> a >= b`. */
  readonly mutant: string;
  /** The line that it begins in, without its indentation. */
  readonly line: string;
  /** The answer's whole text with the change. */
  readonly text: string;
}

/** A range of a text and what takes its place. */
interface Change {
  readonly from: number;
  readonly to: number;
  readonly replacement: string;
}

const silent = () => undefined;
const logger = { isDebugEnabled: () => false, debug: silent, info: silent, warn: silent, error: silent };
const instrumenter = new Instrumenter(logger as unknown as ConstructorParameters<typeof Instrumenter>[0]);

/**
 * Every mutant of an answer, in the order of the text. Left out by rule is what no learner is graded for: types, imports, and the
 * expressions that errors are made of.
 */
export async function mutantsOf(source: string): Promise<Mutant[]> {
  const file = ts.createSourceFile("answer.ts", source, ts.ScriptTarget.ES2022, true);
  const errors = rangesOf(file, isError);
  const seen = new Set<string>();
  return [...(await byStryker(file)), ...byOurOperators(file)]
    .filter(({ from, to }) => !errors.some((range) => range.from <= from && to <= range.to))
    .sort((a, b) => a.from - b.from || a.to - b.to)
    .flatMap((change): Mutant[] => {
      const text = applied(source, change);
      if (seen.has(text)) return [];
      seen.add(text);
      const old = source.slice(change.from, change.to);
      return [
        {
          mutant: `${inOneLine(old)} -> ${inOneLine(change.replacement)}`,
          line: lineAt(source, change.from),
          text,
        },
      ];
    });
}

async function byStryker(file: ts.SourceFile): Promise<Change[]> {
  const { mutants } = await instrumenter.instrument(
    [{ name: "answer.ts", content: file.text, mutate: true }],
    {
      plugins: null,
      excludedMutations: [],
      ignorers: [],
    },
  );
  const place = ({ line, column }: { readonly line: number; readonly column: number }) =>
    file.getPositionOfLineAndCharacter(line, column);
  return mutants.map(({ location, replacement }) => ({
    from: place(location.start),
    to: place(location.end),
    replacement,
  }));
}

/** Another number; a call that gives its first argument; a list that lacks one of its parts. */
function byOurOperators(file: ts.SourceFile): Change[] {
  const changes: Change[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node)) return;
    const [from, to] = [node.getStart(), node.getEnd()];
    if (ts.isNumericLiteral(node)) {
      const value = Number(node.text);
      changes.push({ from, to, replacement: String(Number.isInteger(value) ? value + 1 : 2 * value) });
    }
    if (ts.isCallExpression(node) && !converts(node) && !ts.isExpressionStatement(node.parent)) {
      const [first] = node.arguments;
      if (first && !ts.isFunctionLike(first) && !ts.isStringLiteral(first) && !ts.isSpreadElement(first))
        changes.push({ from, to, replacement: first.getText() });
    }
    if (ts.isArrayLiteralExpression(node) && node.elements.some((part) => ts.isCallExpression(part))) {
      const parts = node.elements.map((part) => part.getText());
      for (const index of parts.keys())
        changes.push({ from, to, replacement: `[${parts.toSpliced(index, 1).join(", ")}]` });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return changes;
}

/** Calls that change how a value is held and not what it is: an answer may be given in any form, so without them it is the same. */
function converts({ expression }: ts.CallExpression): boolean {
  return /^(Number|Promise\.resolve|structuredClone|Math\.fround|\w*Array\.(from|of)|Array\.from|tf\.(keep|tensor\w*|scalar|clone|cast))$/.test(
    expression.getText(),
  );
}

function isError(node: ts.Node): boolean {
  return (
    ts.isThrowStatement(node) || (ts.isNewExpression(node) && node.expression.getText().endsWith("Error"))
  );
}

function rangesOf(file: ts.SourceFile, wanted: (node: ts.Node) => boolean): Omit<Change, "replacement">[] {
  const ranges: Omit<Change, "replacement">[] = [];
  const visit = (node: ts.Node): void => {
    if (wanted(node)) ranges.push({ from: node.getStart(), to: node.getEnd() });
    ts.forEachChild(node, visit);
  };
  visit(file);
  return ranges;
}

/** The text with the change, in brackets where it needs them and may have them. @throws Error for a change that parses in no way */
function applied(source: string, { from, to, replacement }: Change): string {
  const plain = source.slice(0, from) + replacement + source.slice(to);
  const bracketed = `${source.slice(0, from)}(${replacement})${source.slice(to)}`;
  const simple = /^[{"'`]|^[\w.]+$/.test(replacement);
  const text = (simple ? [plain, bracketed] : [bracketed, plain]).find(parses);
  if (text === undefined)
    throw new Error(`a mutant does not parse: ${source.slice(from, to)} -> ${replacement}`);
  return text;
}

function parses(text: string): boolean {
  const file = ts.createSourceFile("answer.ts", text, ts.ScriptTarget.ES2022);
  // TypeScript's parser keeps its errors here; a program would tell them too, and takes ten times as long.
  const { parseDiagnostics } = file as unknown as { readonly parseDiagnostics: readonly ts.Diagnostic[] };
  return parseDiagnostics.length === 0;
}

function lineAt(source: string, at: number): string {
  const end = source.indexOf("\n", at);
  return source.slice(source.lastIndexOf("\n", at - 1) + 1, end < 0 ? undefined : end).trim();
}

function inOneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}
