// Which names a cell declares, and which of them later cells know.
import ts from "typescript";
import { importEntries, type Entry } from "./declarations";
import { isStatementOf, variableLists } from "./merging";
import { boundNames, hasSyntacticModifier, isClosure, isVarList } from "./syntax";

/** Names that a statement of a cell declares at top level, with those of `var`s inside it. */
function declaredNames(statement: ts.Statement): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (isClosure(node)) return;
    if (ts.isVariableDeclarationList(node) && (node.parent.parent === statement.parent || isVarList(node)))
      for (const { name } of node.declarations) for (const { text } of boundNames(name)) found.push(text);
    ts.forEachChild(node, visit);
  };
  const { name } = statement as ts.Statement & { name?: ts.Node };
  if (name && ts.isIdentifier(name)) found.push(name.text);
  else if (!ts.isImportDeclaration(statement)) visit(statement);
  else for (const { name: imported } of importEntries(statement)) if (imported) found.push(imported);
  return found;
}

/** The `var`s that stand inside a cell's statements: the names are the cell's, but no declaration of them is emitted. */
export function nestedVariables(cell: ts.SourceFile, checker: ts.TypeChecker): Entry[] {
  const nested = variableLists(cell).filter((list) => !isStatementOf(cell, list));
  const found = new Map<string, string>();
  for (const id of nested.flatMap(({ declarations }) =>
    declarations.flatMap((one) => boundNames(one.name)),
  )) {
    const type = checker.typeToString(checker.getTypeAtLocation(id), cell, ts.TypeFormatFlags.NoTruncation);
    found.set(id.text, `declare var ${id.text}: ${type};`);
  }
  return [...found].map(([name, text]) => ({ name, text }));
}

/** Names to export so that their declarations are emitted: all but imports and what is exported already. */
export function topLevelNames(file: ts.SourceFile): string[] {
  const found = new Set<string>();
  for (const statement of file.statements) {
    const isExported = hasSyntacticModifier(statement, ts.ModifierFlags.Export);
    const isAugmentation = (statement.flags & ts.NodeFlags.GlobalAugmentation) !== 0;
    if (
      !isExported &&
      !isAugmentation &&
      !ts.isImportDeclaration(statement) &&
      !ts.isImportEqualsDeclaration(statement)
    )
      for (const name of declaredNames(statement)) found.add(name);
  }
  return [...found];
}

const isAlwaysThere = (node: ts.Statement): boolean =>
  ts.isFunctionDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);

/** What the first `end` statements of a cell declare; functions and types are there from the beginning. */
export function reachedEntries(cell: ts.SourceFile, declared: readonly Entry[], end: number): Entry[] {
  const late = cell.statements
    .slice(Math.max(0, end))
    .filter((one) => !isAlwaysThere(one) && !(ts.isImportDeclaration(one) && end >= 0));
  const unreached = new Set(late.flatMap(declaredNames));
  // What a `using` holds is disposed when the cell ends.
  for (const one of cell.statements)
    if (ts.isVariableStatement(one) && isUsing(one.declarationList))
      for (const name of declaredNames(one)) unreached.add(name);
  const imports = end < 0 ? [] : cell.statements.filter(ts.isImportDeclaration).flatMap(importEntries);
  const aliases = cell.statements
    .filter(ts.isImportEqualsDeclaration)
    .map((one) => ({ name: one.name.text, text: one.getText(cell).replace(/^export /, "") }));
  return [...imports, ...aliases, ...declared].filter(
    ({ name }) => name === undefined || !unreached.has(name),
  );
}

const isUsing = ({ flags }: ts.VariableDeclarationList): boolean => (flags & ts.NodeFlags.Using) !== 0;
