// What stands at a place of a cell: signature and documentation of the name there, or of the call whose arguments are being written.
import ts from "typescript";
import { readComments } from "./comments";

/** What a reader is told of a name. */
export interface Inspected extends Pick<ts.QuickInfo, "displayParts" | "documentation" | "tags"> {
  /** The text of its declaration, where that is more than its signature. */
  readonly source: string;
}

/** Functions of TypeScript that are there at run time but not declared. */
interface Internals {
  readonly SymbolDisplay: {
    getSymbolDisplayPartsDocumentationAndSymbolKind(
      checker: ts.TypeChecker,
      symbol: ts.Symbol,
      file: ts.SourceFile,
      container: ts.Node | undefined,
      node: ts.Node,
    ): Pick<ts.QuickInfo, "displayParts" | "documentation" | "tags">;
  };
  getTouchingPropertyName(file: ts.SourceFile, position: number): ts.Node;
  getContainerNode(node: ts.Node): ts.Node | undefined;
}

const internals = ts as unknown as Internals;

/** A declaration longer than this is cut where a reader asks for it, in lines. */
const longestSource = 60;

/** The name at `position` (UTF-16 units), or the function in whose arguments the place is; undefined where there is neither. */
export function inspectionAt(
  program: ts.Program,
  cell: ts.SourceFile,
  position: number,
): Inspected | undefined {
  const checker = program.getTypeChecker();
  for (const node of candidates(cell, position)) {
    const symbol = shownSymbol(checker, node);
    if (!symbol) continue;
    readComments(symbol);
    const container = internals.getContainerNode(node);
    const { SymbolDisplay } = internals;
    const shown = SymbolDisplay.getSymbolDisplayPartsDocumentationAndSymbolKind(
      checker,
      symbol,
      cell,
      container,
      node,
    );
    return { ...shown, source: sourceOf(symbol) };
  }
  return undefined;
}

/** Nodes that a reader may mean, the nearest first: what the cursor touches, then the calls around it. */
function* candidates(cell: ts.SourceFile, position: number): Generator<ts.Node> {
  for (const at of [position, position - 1]) {
    const node = internals.getTouchingPropertyName(cell, Math.max(0, at));
    if (ts.isSourceFile(node)) continue;
    yield ts.isNewExpression(node.parent) && node.pos === node.parent.pos ? node.parent.expression : node;
  }
  for (const call of callsAround(cell, position)) {
    const { expression } = call;
    yield ts.isPropertyAccessExpression(expression) ? expression.name : expression;
  }
}

/** Calls between whose parentheses a place lies, also where the closing one is not written yet; the innermost first. */
function callsAround(cell: ts.SourceFile, position: number): (ts.CallExpression | ts.NewExpression)[] {
  const found: (ts.CallExpression | ts.NewExpression)[] = [];
  const visit = (node: ts.Node): void => {
    if ((ts.isCallExpression(node) || ts.isNewExpression(node)) && node.arguments) {
      const isClosed = node.getChildren(cell).at(-1)?.kind === ts.SyntaxKind.CloseParenToken;
      const end = isClosed ? node.end - 1 : afterSpace(cell, node.end);
      if (node.arguments.pos <= position && position <= end) found.unshift(node);
    }
    ts.forEachChild(node, visit);
  };
  visit(cell);
  return found;
}

const afterSpace = (cell: ts.SourceFile, from: number): number =>
  from + /^\s*/.exec(cell.text.slice(from))![0].length;

/** What a name stands for, behind the imports and exports on the way: a reader asks for the function, not for its way here. */
function shownSymbol(checker: ts.TypeChecker, node: ts.Node): ts.Symbol | undefined {
  const symbol = checker.getSymbolAtLocation(node);
  if (!symbol || (symbol.flags & ts.SymbolFlags.Alias) === 0) return symbol;
  const target = checker.getAliasedSymbol(symbol);
  // A module is shown by the name that it has here; its own is a path.
  return target.declarations && !target.declarations.some(ts.isSourceFile) ? target : symbol;
}

function sourceOf(symbol: ts.Symbol): string {
  const [declaration] = symbol.declarations ?? [];
  if (!declaration || ts.isSourceFile(declaration)) return "";
  const lines = declaration.getText().split("\n");
  return lines.length > longestSource ? [...lines.slice(0, longestSource), "…"].join("\n") : lines.join("\n");
}
