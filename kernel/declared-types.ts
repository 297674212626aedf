// What later cells know of a cell's names whose declarations TypeScript cannot write: each the nearest type that can be written.
import ts from "typescript";
import { boundNames, isVarList } from "./syntax";
import { declarationEntries, type Entry } from "./declarations";
import { flatten, type Diagnostic } from "./diagnostic";
import type { Part } from "./merging";

/** Types are written so many levels deep. */
const deepest = 4;

/**
 * The declarations of a cell. `text` is what TypeScript wrote, `diagnostics` what it could not write: a type that uses a class or an
 * interface of a function's own, for one. Such a name falls back alone, to a type without those names and last to `any`, of which it is told.
 * The `parts` of earlier cells stand last in the text, each in one declaration; they stay what they were.
 */
export function declarationsOf(
  cell: ts.SourceFile,
  checker: ts.TypeChecker,
  { text, diagnostics }: { readonly text: string; readonly diagnostics: readonly ts.Diagnostic[] },
  parts: readonly Part[],
): { readonly entries: Entry[]; readonly notes: readonly Diagnostic[] } {
  const wrong = new Map<string, { readonly name: ts.Identifier; readonly why: ts.Diagnostic }>();
  for (const why of diagnostics)
    for (const name of namesAt(cell, why)) if (!wrong.has(name.text)) wrong.set(name.text, { name, why });
  const written = declarationEntries(text);
  const own = written.slice(0, written.length - parts.length);
  const earlier = parts.flatMap(({ entry }) => entry ?? []);
  const entries = [...own, ...earlier].filter(({ name }) => name === undefined || !wrong.has(name));
  const notes: Diagnostic[] = [];
  for (const { name, why } of wrong.values()) {
    const type = typeText(checker, cell, checker.getTypeAtLocation(name), 0);
    const isVar = ts.isVariableDeclaration(name.parent) && isVarList(name.parent.parent);
    entries.push({
      name: name.text,
      text: `declare ${isVar ? "var" : "let"} ${name.text}: ${type ?? "any"};`,
    });
    if (ts.isClassDeclaration(name.parent))
      entries.push({ name: name.text, text: `declare type ${name.text} = any;` });
    if (type === undefined || ts.isClassDeclaration(name.parent))
      for (const note of flatten(
        { ...why, start: name.getStart(cell), length: name.text.length },
        undefined,
      ).slice(0, 1))
        notes.push({
          ...note,
          messageText: `later cells know \`${name.text}\` as any: its type uses what only this cell can name. Give it a type of its own to keep it checked.`,
        });
  }
  return { entries, notes };
}

/** The names whose declaration a diagnostic is about. */
function namesAt(cell: ts.SourceFile, { start }: ts.Diagnostic): ts.Identifier[] {
  if (start === undefined) return [];
  const isThere = (node: ts.Node): boolean => node.pos <= start && start < node.end;
  const statement = cell.statements.find(isThere);
  if (!statement) return [];
  if (ts.isVariableStatement(statement)) {
    const { declarations } = statement.declarationList;
    const there = declarations.filter(isThere);
    return (there.length > 0 ? there : declarations).flatMap(({ name }) => boundNames(name));
  }
  const { name } = statement as ts.Statement & { name?: ts.Node };
  return name && ts.isIdentifier(name) ? [name] : [];
}

/** A type in words that later cells understand, or undefined where there are none. */
function typeText(
  checker: ts.TypeChecker,
  cell: ts.SourceFile,
  type: ts.Type,
  depth: number,
): string | undefined {
  const node = checker.typeToTypeNode(type, cell, ts.NodeBuilderFlags.NoTruncation);
  if (node && !mentionsLocal(node, cell))
    return checker.typeToString(
      type,
      cell,
      ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.WriteArrayAsGenericType,
    );
  if (depth >= deepest) return undefined;
  const inner = (one: ts.Type): string => typeText(checker, cell, one, depth + 1) ?? "any";
  if (type.isUnion()) return `(${type.types.map(inner).join(" | ")})`;
  if (checker.isArrayType(type))
    return `Array<${checker
      .getTypeArguments(type as ts.TypeReference)
      .map(inner)
      .join(", ")}>`;
  const calls = type.getCallSignatures();
  const constructs = type.getConstructSignatures();
  if (type.flags & ts.TypeFlags.TypeParameter || [...calls, ...constructs].some((one) => one.typeParameters))
    return undefined;
  const signature = (one: ts.Signature, prefix: string): string => {
    const parameters = one.parameters.map((parameter) => {
      const { valueDeclaration: at } = parameter;
      const isRest = at !== undefined && ts.isParameter(at) && at.dotDotDotToken !== undefined;
      const isOptional = at !== undefined && ts.isParameter(at) && checker.isOptionalParameter(at);
      const mark = isRest ? "..." : "";
      return `${mark}${parameter.name}${isOptional && !isRest ? "?" : ""}: ${inner(checker.getTypeOfSymbolAtLocation(parameter, cell))}`;
    });
    return `${prefix}(${parameters.join(", ")}): ${inner(one.getReturnType())}`;
  };
  const properties = type
    .getProperties()
    .filter(isPublic)
    .map((property) => {
      const optional = (property.flags & ts.SymbolFlags.Optional) !== 0 ? "?" : "";
      return `${JSON.stringify(property.name)}${optional}: ${inner(checker.getTypeOfSymbolAtLocation(property, cell))}`;
    });
  const members = [
    ...calls.map((one) => signature(one, "")),
    ...constructs.map((one) => signature(one, "new ")),
    ...properties.filter((text) => !text.startsWith('"__@') && !text.startsWith('"prototype"')),
  ];
  return members.length > 0 ? `{ ${members.join("; ")} }` : undefined;
}

function isPublic({ declarations = [], name }: ts.Symbol): boolean {
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  return (
    !name.startsWith("__#") && declarations.every((one) => (ts.getCombinedModifierFlags(one) & hidden) === 0)
  );
}

/** Whether a type's text names something that stands inside a function, a block or a class of the cell. */
function mentionsLocal(node: ts.Node, cell: ts.SourceFile): boolean {
  const { symbol } = node as { symbol?: ts.Symbol };
  const isLocal = (declaration: ts.Declaration): boolean =>
    declaration.getSourceFile() === cell &&
    ts.findAncestor(declaration.parent, (at) => ts.isFunctionLike(at) || ts.isBlock(at)) !== undefined;
  if (
    ts.isIdentifier(node) &&
    symbol?.declarations?.some((one) => (ts.isClassLike(one) && !one.name) || isLocal(one))
  )
    return true;
  return ts.forEachChild(node, (child) => mentionsLocal(child, cell) || undefined) === true;
}
