// What earlier cells declared, as declaration files that enclose each other: the innermost is the newest.
import ts from "typescript";

/** One declaration of a name that later cells may use. */
export interface Entry {
  /** Undefined for what only widens the global scope or another module. */
  readonly name: string | undefined;
  readonly text: string;
}

/** Whether `text` may refer to `name`; a property of the same name counts too, which only costs a layer. */
function mentions(text: string, name: string): boolean {
  const escaped = name.replace(/\$/g, String.raw`\$`);
  return new RegExp(String.raw`(?<![\w$])${escaped}(?![\w$])`).test(text);
}

/**
 * The declarations of a session. A cell may declare a name again. The older declaration is then forgotten; where others
 * still refer to it, the newer ones go into a layer of their own that hides it.
 */
export class Declarations {
  #layers: (readonly Entry[])[] = [[]];

  /** The text of each layer, outermost first. */
  get texts(): string[] {
    return this.#layers.map((layer) => ["export {};", ...layer.map(({ text }) => text)].join("\n"));
  }

  /** Takes over what one cell declares. */
  add(entries: readonly Entry[]): void {
    if (entries.length === 0) return;
    const names = new Set(entries.flatMap(({ name }) => name ?? []));
    const top = this.#layers.at(-1)!;
    const hidden = top.flatMap(({ name }) => (name !== undefined && names.has(name) ? [name] : []));
    const kept = top.filter(({ name }) => name === undefined || !names.has(name));
    const stillUsed = hidden.some((name) => kept.some(({ text }) => mentions(text, name)));
    if (stillUsed) this.#layers.push(entries);
    else this.#layers[this.#layers.length - 1] = [...kept, ...entries];
  }
}

/** An import with one name of it only, so that the names live and are hidden apart from each other. */
export function importEntries(statement: ts.ImportDeclaration): Entry[] {
  const clause = statement.importClause;
  if (!clause) return [];
  const from = statement.moduleSpecifier.getText();
  const keyword = clause.phaseModifier === ts.SyntaxKind.TypeKeyword ? "import type" : "import";
  const entry = (name: string, what: string): Entry => ({ name, text: `${keyword} ${what} from ${from};` });
  const { name, namedBindings } = clause;
  return [
    ...(name ? [entry(name.text, name.text)] : []),
    ...(!namedBindings
      ? []
      : ts.isNamespaceImport(namedBindings)
        ? [entry(namedBindings.name.text, namedBindings.getText())]
        : namedBindings.elements.map((element) => entry(element.name.text, `{ ${element.getText()} }`))),
  ];
}

/** The declarations in a cell's emitted declaration file, imports excepted. */
export function declarationEntries(text: string): Entry[] {
  const file = ts.createSourceFile("declarations.d.ts", text, ts.ScriptTarget.Latest, true);
  return file.statements.flatMap((statement): Entry[] => {
    if (
      ts.isImportDeclaration(statement) ||
      ts.isExportDeclaration(statement) ||
      ts.isExportAssignment(statement)
    )
      return [];
    if (!ts.isVariableStatement(statement))
      return [{ name: nameOf(statement), text: statement.getFullText() }];
    const { declarations, flags } = statement.declarationList;
    if (declarations.length === 1)
      return [{ name: declarations[0]!.name.getText(), text: statement.getFullText() }];
    const keyword = (flags & ts.NodeFlags.Const) !== 0 ? "const" : "let";
    return declarations.map((one) => ({
      name: one.name.getText(),
      text: `declare ${keyword} ${one.getText()};`,
    }));
  });
}

function nameOf(statement: ts.Statement): string | undefined {
  const { name } = statement as ts.Statement & { name?: ts.Node };
  // `declare global` and `declare module "x"` add to what is elsewhere.
  if (!name || !ts.isIdentifier(name) || (statement.flags & ts.NodeFlags.GlobalAugmentation) !== 0)
    return undefined;
  return name.text;
}
