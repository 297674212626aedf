// Which declarations of earlier cells a cell's own go on with: where TypeScript merges within a file, and nothing is declared twice.
import ts from "typescript";
import { boundNames } from "./cell-code";
import type { Entry } from "./declarations";

type Merging = ts.InterfaceDeclaration | ts.ClassDeclaration | ts.ModuleDeclaration | ts.EnumDeclaration;

/**
 * Earlier declarations that belong to those of a cell. One that the cell's repeat a member of is not a part of theirs, but an older version, as
 * when a cell was changed and runs again; it is replaced. So it is with other type parameters.
 */
export function mergedDeclarations(cell: ts.SourceFile, find: (name: string) => readonly Entry[]): Entry[] {
  const own = cell.statements.filter(isMerging);
  return own.flatMap((statement, i) => {
    const name = statement.name!.text;
    if (own.findIndex((one) => one.name!.text === name) !== i) return [];
    const parts = own.filter((one) => one.name!.text === name);
    const members = new Set(parts.flatMap(membersOf));
    const prefix = ts.getCombinedModifierFlags(statement) & ts.ModifierFlags.Export ? "export " : "";
    return find(name)
      .filter(({ text }) => {
        const [earlier] = ts.createSourceFile("a.d.ts", text, ts.ScriptTarget.Latest, true).statements;
        return (
          earlier !== undefined &&
          parts.every((one) => mayMerge(one, earlier)) &&
          !membersOf(earlier).some((one) => members.has(one))
        );
      })
      .map(({ text }) => ({
        name,
        text: text.replace(/^((?:\s|\/\*[^]*?\*\/)*)(?:export )?/, `$1${prefix}`),
      }));
  });
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
  const isStatic =
    ts.canHaveModifiers(member) &&
    ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword);
  const { name, parameters } = member as { name?: ts.Node; parameters?: ts.NodeArray<ts.Node> };
  const text = ts.isIndexSignatureDeclaration(member)
    ? `[${(parameters as ts.NodeArray<ts.ParameterDeclaration>)[0]?.type?.getText() ?? ""}]`
    : (name?.getText().replace(/^["'](.*)["']$/, "$1") ?? ts.SyntaxKind[member.kind]);
  return isStatic === true ? `static ${text}` : text;
}
