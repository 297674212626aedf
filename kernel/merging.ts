// Which declarations of earlier cells a cell's own go on with: where TypeScript merges within a file, and nothing is declared twice.
import ts from "typescript";
import { boundNames } from "./cell-code";
import type { Entry } from "./declarations";

type Merging = ts.InterfaceDeclaration | ts.ModuleDeclaration | ts.EnumDeclaration;

/**
 * Earlier declarations that belong to those of a cell. An interface that repeats a member of the earlier one is not a part of it, but a new
 * version, as when a cell was changed and runs again; it replaces the earlier one. So it is with namespaces and enums.
 */
export function mergedDeclarations(cell: ts.SourceFile, find: (name: string) => readonly Entry[]): Entry[] {
  const own = cell.statements.filter((one): one is Merging => isMerging(one) && ts.isIdentifier(one.name));
  return own.flatMap((statement, i) => {
    const name = statement.name.text;
    if (own.findIndex((one) => one.name.text === name) !== i) return [];
    const parts = own.filter((one) => one.name.text === name);
    const members = new Set(parts.flatMap(memberNames));
    const prefix = ts.getCombinedModifierFlags(statement) & ts.ModifierFlags.Export ? "export " : "";
    return find(name)
      .filter(({ text }) => {
        const [earlier] = ts.createSourceFile("a.d.ts", text, ts.ScriptTarget.Latest).statements;
        return (
          earlier !== undefined &&
          mayMerge(statement, earlier) &&
          !memberNames(earlier).some((one) => members.has(one))
        );
      })
      .map(({ text }) => ({
        name,
        text: text.replace(/^((?:\s|\/\*[^]*?\*\/)*)(?:export )?/, `$1${prefix}`),
      }));
  });
}

const isMerging = (node: ts.Statement): node is Merging =>
  ts.isInterfaceDeclaration(node) || ts.isModuleDeclaration(node) || ts.isEnumDeclaration(node);

function mayMerge(own: Merging, earlier: ts.Statement): boolean {
  if (ts.isInterfaceDeclaration(own)) return ts.isInterfaceDeclaration(earlier);
  if (ts.isModuleDeclaration(own))
    return (
      ts.isModuleDeclaration(earlier) ||
      ts.isClassDeclaration(earlier) ||
      ts.isFunctionDeclaration(earlier) ||
      ts.isEnumDeclaration(earlier)
    );
  // The first member of a second part needs a value.
  return ts.isEnumDeclaration(earlier) && own.members[0]?.initializer !== undefined;
}

function memberNames(node: ts.Statement): string[] {
  const named = (one: ts.Node): string[] => {
    const { name } = one as { name?: ts.Node };
    return name && (ts.isIdentifier(name) || ts.isStringLiteral(name)) ? [name.text] : [];
  };
  if (ts.isInterfaceDeclaration(node) || ts.isEnumDeclaration(node))
    return (node.members as ts.NodeArray<ts.Node>).flatMap(named);
  if (!ts.isModuleDeclaration(node) || !node.body || !ts.isModuleBlock(node.body)) return [];
  return node.body.statements.flatMap((one) =>
    ts.isVariableStatement(one)
      ? one.declarationList.declarations.flatMap(({ name }) => boundNames(name).map(({ text }) => text))
      : named(one),
  );
}
