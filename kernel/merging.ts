// Which declarations of earlier cells a cell's own go on with: where TypeScript merges within a file, and nothing is declared twice.
import ts from "typescript";
import { boundNames, hasSyntacticModifier, isClosure, isVarList, localsOf } from "./syntax";
import { keywordOf, type Entry } from "./declarations";

type Merging = ts.InterfaceDeclaration | ts.ClassDeclaration | ts.ModuleDeclaration | ts.EnumDeclaration;

/** A declaration of an earlier cell that one of a cell's own goes on with. */
export interface Part {
  readonly name: string;
  /** How it stands behind the cell's code, so that TypeScript sees both within one file. */
  readonly text: string;
  /** What later cells go on to know of it; a variable is known by its newest declaration. */
  readonly entry?: Entry;
}

/**
 * Earlier declarations that belong to those of a cell. One that the cell's repeat a member of is not a part of theirs, but an older version; it
 * is replaced. So it is with other type parameters, and with what the same cell declared when it ran before, by its name in the notebook.
 */
export function mergedDeclarations(
  cell: ts.SourceFile,
  find: (name: string) => readonly Entry[],
  cellName?: string,
): Part[] {
  const own = cell.statements.filter(isMerging);
  const merged = own.flatMap((statement, i) => {
    const name = statement.name!.text;
    if (own.findIndex((one) => one.name!.text === name) !== i) return [];
    const parts = own.filter((one) => one.name!.text === name);
    const members = new Set(parts.flatMap(membersOf));
    const isOlder = (entry: Entry): boolean => cellName !== undefined && entry.cell === cellName;
    return find(name)
      .filter((entry) => {
        const [earlier] = ts.createSourceFile("a.d.ts", entry.text, ts.ScriptTarget.Latest, true).statements;
        return (
          earlier !== undefined &&
          !isOlder(entry) &&
          parts.every((one) => mayMerge(one, earlier)) &&
          !membersOf(earlier).some((one) => members.has(one))
        );
      })
      .map((entry) => ({ name, text: exportedAs(statement, entry), entry }));
  });
  return [...merged, ...keptVariables(cell, find)];
}

/** An earlier declaration's text, exported as the cell's own is. */
function exportedAs(own: ts.Declaration, { text }: Entry): string {
  const prefix = ts.getCombinedModifierFlags(own) & ts.ModifierFlags.Export ? "export " : "";
  return text.replace(/^((?:\s|\/\*[^]*?\*\/)*)(?:export )?/, `$1${prefix}`);
}

/** Variables that have, where they are declared again by `var`, the value that an earlier cell's `var` or function gave them, and so its type. */
function keptVariables(cell: ts.SourceFile, find: (name: string) => readonly Entry[]): Part[] {
  const first = new Map<string, ts.VariableDeclaration>();
  for (const list of variableLists(cell))
    for (const one of list.declarations)
      for (const { text } of boundNames(one.name)) if (!first.has(text)) first.set(text, one);
  return [...first].flatMap(([name, declaration]) => {
    const { initializer, type, parent: list } = declaration;
    const value = initializer ?? (ts.isForOfStatement(list.parent) ? list.parent.expression : undefined);
    const isKept = value ? reads(value, name) : type !== undefined;
    if (!isKept || type?.kind === ts.SyntaxKind.AnyKeyword) return [];
    const earlier = find(name);
    const signatures = earlier.filter((entry) => keywordOf(entry) === "function").map(signatureOf);
    const asVariable = { name, text: `declare var ${name}: { ${signatures.join(" ")} };` };
    const variables = earlier.filter((entry) => keywordOf(entry) === "var");
    return [...variables, ...(signatures.length > 0 ? [asVariable] : [])].map((entry) => ({
      name,
      text: exportedAs(declaration, entry),
    }));
  });
}

/** What stands behind a function's name in its declaration. */
function signatureOf({ text }: Entry): string {
  const [declaration] = ts.createSourceFile("a.d.ts", text, ts.ScriptTarget.Latest).statements;
  return text.slice((declaration as ts.FunctionDeclaration).name!.end);
}

/** Whether a variable is read when an expression is evaluated, not by a function in it that may be called later. */
const reads = (node: ts.Node, name: string): boolean =>
  !isClosure(node) &&
  ((ts.isIdentifier(node) && node.text === name) ||
    ts.forEachChild(node, (child) => reads(child, name) || undefined) === true);

/**
 * What stands behind a cell's code is of earlier cells, and comes before it: TypeScript takes a variable's type from its first declaration,
 * asks by their places whether an enum's member may be named, and looks at what an enum exports in that order to see whether it has numbers:
 * at a namespace's constant first, that constant's own type would have to be known for that.
 */
export function putFirst(cell: ts.SourceFile, codeLength: number, checker: ts.TypeChecker): void {
  for (const statement of cell.statements) {
    if (statement.pos < codeLength) continue;
    if (ts.isEnumDeclaration(statement)) {
      const exports = checker.getSymbolAtLocation(statement.name)!.exports!;
      for (const [name, one] of [...exports])
        if (one.declarations?.every(({ pos }) => pos < codeLength) === true) {
          exports.delete(name);
          exports.set(name, one);
        }
      for (const member of statement.members) ts.setTextRange(member, { pos: 0, end: member.end });
    }
    if (!ts.isVariableStatement(statement)) continue;
    for (const declaration of statement.declarationList.declarations) {
      const symbol = checker.getSymbolAtLocation(declaration.name)!;
      symbol.valueDeclaration = declaration;
      symbol.declarations = [declaration, ...symbol.declarations!.filter((one) => one !== declaration)];
    }
  }
}

/**
 * Has earlier cells mean by a name what it is with this cell's part of it, as they would within one file. Gives the file of theirs that was
 * changed so: it holds for this cell's check alone.
 */
export function unite(name: string, cell: ts.SourceFile, layers: readonly ts.SourceFile[]): ts.SourceFile {
  const key = ts.escapeLeadingUnderscores(name);
  const layer = layers.findLast((one) => localsOf(one)?.has(key))!;
  const own = localsOf(cell)!.get(key)! as ts.Symbol & { readonly exportSymbol?: ts.Symbol };
  localsOf(layer)!.set(key, own.exportSymbol ?? own);
  return layer;
}

/** Whether declarations are a statement of a cell's top level. */
export const isStatementOf = (
  cell: ts.SourceFile,
  { parent }: ts.VariableDeclarationList | ts.CatchClause,
): boolean => ts.isVariableStatement(parent) && parent.parent === cell;

/** The `var`s whose names are a cell's, also those inside of its statements. */
export function variableLists(cell: ts.SourceFile): ts.VariableDeclarationList[] {
  const found: ts.VariableDeclarationList[] = [];
  const visit = (node: ts.Node): void => {
    if (isClosure(node) || ts.isModuleDeclaration(node)) return;
    if (isVarList(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(cell);
  return found;
}

const isMerging = (node: ts.Statement): node is Merging =>
  (ts.isInterfaceDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isModuleDeclaration(node) ||
    ts.isEnumDeclaration(node)) &&
  node.name !== undefined &&
  ts.isIdentifier(node.name);

/** Whether TypeScript would take two declarations for parts of one, the earlier one standing first. */
function mayMerge(own: Merging, earlier: ts.Statement): boolean {
  if (ts.isModuleDeclaration(own))
    return ts.isFunctionDeclaration(earlier) || (isMerging(earlier) && !ts.isInterfaceDeclaration(earlier));
  if (ts.isModuleDeclaration(earlier)) return ts.isEnumDeclaration(own) || !hasValues(earlier);
  if (ts.isEnumDeclaration(own))
    // The first member of a second part needs a value.
    return ts.isEnumDeclaration(earlier) && own.members[0]?.initializer !== undefined;
  const mayBePart =
    ts.isInterfaceDeclaration(earlier) || (ts.isInterfaceDeclaration(own) && ts.isClassDeclaration(earlier));
  return mayBePart && parametersOf(own) === parametersOf(earlier);
}

const parametersOf = ({ typeParameters }: ts.InterfaceDeclaration | ts.ClassDeclaration): string =>
  typeParameters?.map((one) => one.getText()).join() ?? "";

/** Whether a namespace exists at run time: a class or a function may not come after it. */
const hasValues = ({ body }: ts.ModuleDeclaration): boolean =>
  body !== undefined &&
  (ts.isModuleBlock(body)
    ? body.statements.some((one) =>
        ts.isModuleDeclaration(one)
          ? hasValues(one)
          : !ts.isInterfaceDeclaration(one) && !ts.isTypeAliasDeclaration(one),
      )
    : !ts.isModuleDeclaration(body) || hasValues(body));

/** What may stand only once in all parts of a declaration: members, and those of what merges itself inside a namespace. */
function membersOf(node: ts.Node): string[] {
  if (ts.isInterfaceDeclaration(node) || ts.isEnumDeclaration(node)) return node.members.map(memberName);
  if (ts.isClassDeclaration(node)) return ["a class", ...node.members.map(memberName)];
  if (!ts.isModuleDeclaration(node) || !node.body) return [];
  const within = (one: ts.Node): string[] => {
    if (ts.isVariableStatement(one))
      return one.declarationList.declarations.flatMap(({ name }) => boundNames(name).map(({ text }) => text));
    const { name } = one as { name?: ts.Node };
    if (!name || !ts.isIdentifier(name)) return [];
    if (ts.isTypeAliasDeclaration(one)) return [`type ${name.text}`];
    return ts.isFunctionDeclaration(one)
      ? [name.text]
      : membersOf(one).map((member) => `${name.text}.${member}`);
  };
  // `namespace A.B {}` has B for its body.
  return ts.isModuleBlock(node.body) ? node.body.statements.flatMap(within) : within(node.body);
}

/** A member's name; one without a name, such as a call signature, is known by its kind, an index signature by that of its keys. */
function memberName(member: ts.Node): string {
  const { name, parameters } = member as { name?: ts.Node; parameters?: ts.NodeArray<ts.Node> };
  const text = ts.isIndexSignatureDeclaration(member)
    ? `[${(parameters as ts.NodeArray<ts.ParameterDeclaration>)[0]?.type?.getText() ?? ""}]`
    : (name?.getText().replace(/^["'](.*)["']$/, "$1") ?? ts.SyntaxKind[member.kind]);
  return hasSyntacticModifier(member, ts.ModifierFlags.Static) ? `static ${text}` : text;
}
