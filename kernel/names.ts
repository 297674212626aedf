// Which names of a cell belong to the session, and where a cell uses them.
import ts from "typescript";

/** Functions and classes: what runs later, or again. */
export const isClosure = (node: ts.Node): boolean => ts.isFunctionLike(node) || ts.isClassLike(node);

export const isLoop = (node: ts.Node): node is ts.IterationStatement =>
  ts.isIterationStatement(node, /* lookInLabeledStatements */ false);

/** The identifiers that a declaration's name binds. */
export function boundNames(name: ts.BindingName): ts.Identifier[] {
  if (ts.isIdentifier(name)) return [name];
  return name.elements.flatMap((element) =>
    ts.isOmittedExpression(element) ? [] : boundNames(element.name),
  );
}

/** Whether `node` waits itself, functions inside it aside. */
export function waits(node: ts.Node): boolean {
  if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined))
    return true;
  const both = ts.NodeFlags.AwaitUsing as number;
  if (ts.isVariableDeclarationList(node) && (node.flags & both) === both) return true;
  return ts.forEachChild(node, (child) => (!isClosure(child) && waits(child)) || undefined) === true;
}

const isDeclarationName = (id: ts.Identifier): boolean => (id.parent as { name?: ts.Node }).name === id;

/** Tells for each identifier of a cell whether it stands for a variable of the session. */
export class SessionNames {
  readonly #checker: ts.TypeChecker;
  readonly #cell: ts.SourceFile;
  readonly #layers: ReadonlySet<ts.SourceFile>;

  constructor(checker: ts.TypeChecker, cell: ts.SourceFile, layers: readonly ts.SourceFile[]) {
    this.#checker = checker;
    this.#cell = cell;
    this.#layers = new Set(layers);
  }

  /** Whether a declared name is a variable of the cell's own top level (also a `var` within a block). */
  declares(id: ts.Identifier): boolean {
    const symbol = (this.#cell as unknown as { locals?: ts.SymbolTable }).locals?.get(id.escapedText);
    return (
      symbol?.declarations?.some((declaration) => (declaration as { name?: ts.Node }).name === id) === true
    );
  }

  /** Whether what an import or a declaration names exists at run time. */
  isValue(id: ts.Identifier): boolean {
    let symbol = this.#checker.getSymbolAtLocation(id);
    if (symbol && (symbol.flags & ts.SymbolFlags.Alias) !== 0)
      symbol = this.#checker.getAliasedSymbol(symbol);
    // An unresolved import has been reported already, unless its module has no types at all: then it is a value.
    return !symbol || (symbol.flags & ts.SymbolFlags.Value) !== 0 || symbol.declarations === undefined;
  }

  /** Whether `id`, used in an expression, stands for a variable of the session. */
  refers(id: ts.Identifier): boolean {
    const { parent } = id;
    const isShorthand = ts.isShorthandPropertyAssignment(parent) && parent.name === id;
    if (
      !isShorthand &&
      (isDeclarationName(id) || (ts.isBindingElement(parent) && parent.propertyName === id))
    )
      return false;
    const symbol = isShorthand
      ? this.#checker.getShorthandAssignmentValueSymbol(parent)
      : this.#checker.getSymbolAtLocation(id);
    return (
      symbol?.declarations?.some((declaration) => {
        const file = declaration.getSourceFile();
        if (this.#layers.has(file)) return isTopLevel(declaration);
        const name = (declaration as { name?: ts.Node }).name;
        if (file !== this.#cell || !name || !ts.isIdentifier(name) || !this.declares(name)) return false;
        // A class, enum or namespace calls itself by its own name.
        return !(isNamedBody(declaration) && ts.findAncestor(id, (node) => node === declaration));
      }) === true
    );
  }
}

const isNamedBody = (node: ts.Node): boolean =>
  ts.isClassDeclaration(node) || ts.isEnumDeclaration(node) || ts.isModuleDeclaration(node);

/** Whether a declaration of a layer is one of a name, not of a member of something. */
function isTopLevel(declaration: ts.Declaration): boolean {
  let at: ts.Node = declaration.parent;
  while (
    ts.isVariableDeclarationList(at) ||
    ts.isVariableStatement(at) ||
    ts.isImportClause(at) ||
    ts.isNamedImports(at) ||
    ts.isImportDeclaration(at)
  )
    at = at.parent;
  return ts.isSourceFile(at);
}

/** The session's variables that functions and classes inside `node` use: these may change, or be read, at any time. */
export function captured(node: ts.Node, names: SessionNames): Set<string> {
  const found = new Set<string>();
  const visit = (child: ts.Node, inside: boolean): void => {
    if (ts.isTypeNode(child)) return;
    if (inside && ts.isIdentifier(child) && names.refers(child)) found.add(child.text);
    ts.forEachChild(child, (next) => {
      visit(next, inside || isClosure(child));
    });
  };
  visit(node, false);
  return found;
}
