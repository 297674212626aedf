// Which names of a cell belong to the session, and which of them must be called otherwise when they run.
import ts from "typescript";
import { localsOf } from "./syntax";

/** What ends the names that cells get from us; see {@link runtimeName}. */
const mark = "·";

/** Names of the platform, as they were before any cell ran, and those by which libraries ask which platform they are on. */
const platform = new Set([
  ...Object.getOwnPropertyNames(globalThis),
  ...Object.getOwnPropertyNames(Object.prototype),
  ..."require module exports __dirname __filename define".split(" "),
  ..."window self document navigator location importScripts WorkerGlobalScope Worker requestAnimationFrame".split(
    " ",
  ),
  ..."XMLHttpRequest OffscreenCanvas HTMLElement Image ImageData GPUBuffer Deno Bun jest describe it expect".split(
    " ",
  ),
]);

/**
 * The name under which a session's variable runs. All code of the process sees the variables of V8's script scope, libraries too: a
 * cell's own `performance` or `Map` must not become theirs. So such a name gets a mark. A name that has a mark already gets another one,
 * so that no two names become one.
 */
export const runtimeName = (name: string): string =>
  platform.has(name) || name.includes(mark) ? `${name}${mark}` : name;

/** Whether a name in compiled code is one that got a mark. */
export const isMarked = (name: string): boolean => name.endsWith(mark);

/** A marked name as it was written. */
export const withoutMark = (name: string): string => name.slice(0, -mark.length);

/** A message of V8's, such as "performance· is not a function", as the cell wrote it. */
export const withoutMarks = (text: string): string => text.replace(/(?<=[\w$])·/g, "");

/** A variable of the script scope for what TypeScript adds; no runtime name of a cell's looks so. */
export const temporaryName = (number: number): string => `temporary${mark}${String(number)}`;

/** Tells for each identifier of a cell what it stands for. */
export class SessionNames {
  readonly #checker: ts.TypeChecker;
  readonly #cell: ts.SourceFile;
  readonly #layers: ReadonlySet<ts.SourceFile>;
  /** Whether any name of the cell may have to be renamed; mostly none has. */
  readonly #mayRename: boolean;

  constructor(checker: ts.TypeChecker, cell: ts.SourceFile, layers: readonly ts.SourceFile[]) {
    this.#checker = checker;
    this.#cell = cell;
    this.#layers = new Set(layers);
    const { identifiers } = cell as unknown as { identifiers: ReadonlyMap<string, string> };
    const declared = [cell, ...layers].flatMap((file) =>
      [...(localsOf(file)?.keys() ?? [])].map((name) => ts.unescapeLeadingUnderscores(name)),
    );
    const marked = new Set(declared.filter((name) => runtimeName(name) !== name));
    this.#mayRename = [...identifiers.keys()].some((name) => marked.has(name) || name.includes(mark));
  }

  /** Whether what an import or a declaration names exists at run time. */
  isValue(id: ts.Identifier): boolean {
    let symbol = this.#checker.getSymbolAtLocation(id);
    if (symbol && (symbol.flags & ts.SymbolFlags.Alias) !== 0)
      symbol = this.#checker.getAliasedSymbol(symbol);
    // An unresolved import has been reported already, unless its module has no types at all: then it is a value.
    // A constant enum's members stand in the code as numbers; a package need not have it.
    const values = ts.SymbolFlags.Value & ~ts.SymbolFlags.ConstEnum;
    return !symbol || (symbol.flags & values) !== 0 || symbol.declarations === undefined;
  }

  /** Whether nothing that a cell has declared is meant by an identifier. */
  isFree(id: ts.Identifier): boolean {
    const symbol = this.#variable(id);
    return symbol !== null && symbol?.declarations?.some((one) => this.#isOurs(one)) !== true;
  }

  /** Whether an identifier is a variable's that runs under another name. */
  isRenamed(id: ts.Identifier): boolean {
    if (!this.#mayRename || runtimeName(id.text) === id.text) return false;
    const symbol = this.#variable(id);
    // A class knows itself by a name of its own.
    if (!symbol || symbol.declarations?.some((one) => isWithinClass(id, one)) === true) return false;
    // A local variable needs no other name, unless it looks like one of ours.
    if (id.text.includes(mark)) return true;
    return symbol.declarations?.some((one) => this.#isOurs(one) && isTopLevel(one)) === true;
  }

  /** Whether an identifier is a constant or an import of a cell's top level: at run time it is something that a later cell may replace. */
  isConstant(id: ts.Identifier): boolean {
    const { declarations = [] } = this.#variable(id) ?? {};
    return declarations.some(
      (one) => this.#isOurs(one) && isTopLevel(one) && (isImported(one) || isConstant(one)),
    );
  }

  /** The names of the cell's top level to which TypeScript lets nobody assign: all but those of variables and types. */
  fixed(): ts.Identifier[] {
    const declared = [...(localsOf(this.#cell)?.values() ?? [])].flatMap(
      ({ declarations = [] }) => declarations,
    );
    return declared
      .filter((one) => isImported(one) || isConstant(one) || isNamedValue(one))
      .map((one) => (one as { name?: ts.Node }).name)
      .filter((name) => name !== undefined && ts.isIdentifier(name));
  }

  /** Whether an identifier within a function or a class may mean a variable of the session, now or once a later cell declares it. */
  mayBeShared(id: ts.Identifier): boolean {
    const symbol = this.#variable(id);
    if (symbol === null) return false;
    const isLocal = (one: ts.Declaration): boolean => one.getSourceFile() === this.#cell && !isTopLevel(one);
    return symbol?.declarations?.every(isLocal) !== true;
  }

  /** Whether an identifier is a variable's of the session that has a value when `place` in the cell is reached. */
  isVariableBefore(id: ts.Identifier, place: ts.Node): boolean {
    const { declarations = [] } = this.#variable(id) ?? {};
    return declarations.some((one) => {
      if (!ts.isVariableDeclaration(one) && !ts.isBindingElement(one)) return false;
      if (!this.#isOurs(one) || !isTopLevel(one)) return false;
      const isBlockScoped = (ts.getCombinedNodeFlags(one) & ts.NodeFlags.BlockScoped) !== 0;
      return !isBlockScoped || one.getSourceFile() !== this.#cell || one.end <= place.pos;
    });
  }

  #isOurs(declaration: ts.Declaration): boolean {
    const file = declaration.getSourceFile();
    return file === this.#cell || this.#layers.has(file);
  }

  /** The variable that an identifier stands for; null where it stands for none, such as a property's name. */
  #variable(id: ts.Identifier): ts.Symbol | undefined | null {
    const { parent } = id;
    if (ts.isBindingElement(parent) && parent.propertyName === id) return null;
    if (ts.isPropertyAccessExpression(parent) && parent.name === id) return null;
    if (ts.isQualifiedName(parent) && parent.right === id) return null;
    if (ts.isShorthandPropertyAssignment(parent) && parent.name === id)
      return this.#checker.getShorthandAssignmentValueSymbol(parent);
    const symbol = this.#checker.getSymbolAtLocation(id);
    const isMember = symbol !== undefined && (symbol.flags & ts.SymbolFlags.ClassMember) !== 0;
    const isEnumMember = symbol !== undefined && (symbol.flags & ts.SymbolFlags.EnumMember) !== 0;
    if (isMember || (isEnumMember && (parent as { name?: ts.Node }).name === id)) return null;
    return ts.isPropertyAssignment(parent) && parent.name === id ? null : symbol;
  }
}

/** Whether an identifier stands inside of a class, where it means that class itself. */
const isWithinClass = (id: ts.Identifier, declaration: ts.Declaration): boolean =>
  ts.isClassDeclaration(declaration) &&
  declaration.name !== id &&
  ts.findAncestor(id, (at) => at === declaration) !== undefined &&
  ts.findAncestor(id, ts.isDecorator)?.parent !== declaration;

const isConstant = (declaration: ts.Declaration): boolean =>
  (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Constant) !== 0;

const isNamedValue = (declaration: ts.Declaration): boolean =>
  ts.isFunctionDeclaration(declaration) ||
  ts.isClassDeclaration(declaration) ||
  ts.isEnumDeclaration(declaration) ||
  ts.isModuleDeclaration(declaration);

const isImported = (declaration: ts.Declaration): boolean =>
  ts.isImportSpecifier(declaration) || ts.isImportClause(declaration) || ts.isNamespaceImport(declaration);

/** Whether a declaration makes a name of a cell's top level, as a `var` in a block does too. */
function isTopLevel(declaration: ts.Declaration): boolean {
  const { name } = declaration as { name?: ts.Node };
  if (!name || !ts.isIdentifier(name)) return false;
  const symbol = localsOf(declaration.getSourceFile())?.get(name.escapedText);
  return symbol?.declarations?.includes(declaration) === true;
}
