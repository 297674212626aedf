// What earlier cells declared, as declaration files that enclose each other: the innermost is the newest.
import ts from "typescript";

/** One declaration of a name that later cells may use. */
export interface Entry {
  /** Undefined for what only widens the global scope or another module, and for an import that may. */
  readonly name: string | undefined;
  readonly text: string;
  /** The notebook's name for the cell that declared it, where the client tells it; without a name, else the cell's code. */
  readonly cell?: string | undefined;
}

/** What a declaration's name means, as bits: a value, a type, or both. */
const meanings = { value: 1, type: 2, both: 3 } as const;

/** The word by which a declaration begins: `const`, `class`. */
export const keywordOf = ({ text }: Entry): string =>
  /^(?:\s|\/\*[^]*?\*\/|\/\/.*\n)*(?:(?:export|declare|default) )*(\w+)/.exec(text)?.[1] ?? "";

function meaningOf(entry: Entry): number {
  const keyword = keywordOf(entry);
  if (/^(interface|type)$/.test(keyword)) return meanings.type;
  return /^(const|let|var|function)$/.test(keyword) && !/\bconst enum\b/.test(entry.text)
    ? meanings.value
    : meanings.both;
}

/** A declaration with the words of its text: names that it may refer to. A property's name counts too, which only costs a layer. */
interface Declaration extends Entry {
  readonly meaning: number;
  readonly words: ReadonlySet<string>;
}

type Layer = readonly Declaration[];

/** A layer of this many declarations is closed: what TypeScript reads anew for a cell does not grow with the session. */
const layerSize = 64;

const word = /[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/gu;

const withWords = (entry: Entry): Declaration => ({
  ...entry,
  words: new Set(entry.text.match(word)),
  meaning: meaningOf(entry),
});

const isAddedBy = (entry: Entry, cell: string | undefined): boolean =>
  entry.name === undefined && cell !== undefined && entry.cell === cell;

/**
 * The declarations of a session. A cell may declare a name again. The older declaration is then forgotten; where others
 * still refer to it, the newer ones go into a layer of their own that hides it.
 */
export class Declarations {
  #layers: readonly Layer[] = [[]];

  /** The text of each layer as a cell sees it, outermost first: without what the same cell added to the platform when it ran before. */
  texts(cell?: string): string[] {
    return this.#layers.map((layer) =>
      ["export {};", ...layer.filter((one) => !isAddedBy(one, cell)).map(({ text }) => text)].join("\n"),
    );
  }

  /** The declarations that a name has for the next cell. */
  find(name: string): readonly Entry[] {
    const layer = this.#layers.findLast((one) => one.some((entry) => entry.name === name));
    return (layer ?? []).filter((entry) => entry.name === name);
  }

  /**
   * Takes over what one cell declares. A name goes on if its earlier declarations are all given again: the new ones join them, so that what
   * refers to the name has the new members too. What the cell adds to the platform takes the place of what it added when it ran before.
   */
  add(entries: readonly Entry[], cell?: string): void {
    const isAgain = (one: Entry): boolean =>
      isAddedBy(one, cell) || (one.name === undefined && entries.some(({ text }) => text === one.text));
    this.#layers = this.#layers.map((layer) => layer.filter((one) => !isAgain(one)));
    const earlier = new Set<Entry>(this.#layers.flat());
    const isNew = (entry: Entry): boolean => !earlier.has(entry);
    const goesOn = (name: string | undefined): name is string => {
      const found = name === undefined ? [] : this.find(name);
      return found.length > 0 && found.every((one) => entries.includes(one));
    };
    const going = [...new Set(entries.filter((one) => !isNew(one)).map(({ name }) => name))].filter(goesOn);
    this.#declare(entries.filter(({ name }) => !going.includes(name!)));
    for (const name of going) {
      const parts = entries.filter((one) => one.name === name);
      if (!this.#join(name, parts.filter(isNew).map(withWords))) this.#declare(parts);
    }
  }

  /** Adds declarations to the layer that has their name, unless they name something that is not seen from there as the cell sees it. */
  #join(name: string, parts: readonly Declaration[]): boolean {
    const place = this.#layers.findLastIndex((layer) => layer.some((one) => one.name === name));
    const inner = this.#layers.slice(place + 1).flat();
    if (inner.some((one) => parts.some(({ words }) => one.name !== undefined && words.has(one.name))))
      return false;
    this.#layers = this.#layers.map((layer, i) => (i === place ? [...layer, ...parts] : layer));
    return true;
  }

  #declare(entries: readonly Entry[]): void {
    if (entries.length === 0) return;
    const added = entries.map(withWords);
    const names = [...new Set(entries.flatMap(({ name }) => name ?? []))];
    const isReplaced = (older: Declaration): boolean =>
      added.some(
        ({ name, meaning }) => name !== undefined && name === older.name && (meaning & older.meaning) !== 0,
      );
    const outer = this.#layers.slice(0, -1);
    const top = this.#layers.at(-1)!;
    const kept = top.filter((older) => !isReplaced(older));
    // What is kept must go on to mean the older declaration, in this layer or further out.
    const wouldChange = kept.some(({ words }) => names.some((name) => words.has(name)));
    if (wouldChange) this.#layers = tidied([...outer, top, added]);
    else if (kept.length >= layerSize) this.#layers = tidied([...outer, kept, added]);
    else this.#layers = [...outer, [...kept, ...added]];
  }
}

/** Layers without the declarations that no cell can reach any more; layers that do not hide each other's names are joined. */
function tidied(layers: readonly Layer[]): readonly Layer[] {
  const reached = reachable(layers);
  const joined: Layer[] = [];
  for (const layer of layers) {
    const left = layer.filter((one) => reached.has(one));
    const last = joined.at(-1);
    if (last && canJoin(last, left)) joined[joined.length - 1] = [...last, ...left];
    else joined.push(left);
  }
  return joined;
}

function canJoin(outer: Layer, inner: Layer): boolean {
  const names = inner.flatMap(({ name }) => name ?? []);
  return (
    outer.length + inner.length <= layerSize &&
    !outer.some(({ name, words }) => names.some((one) => one === name || words.has(one)))
  );
}

/** The declarations that the next cell sees, and all that they may refer to. */
function reachable(layers: readonly Layer[]): ReadonlySet<Declaration> {
  /** For each name, the layers that declare it, innermost first. */
  const places = new Map<string, { readonly layer: number; readonly declarations: Declaration[] }[]>();
  for (const [i, layer] of [...layers.entries()].reverse())
    for (const declaration of layer) {
      if (declaration.name === undefined) continue;
      const found = places.get(declaration.name) ?? [];
      places.set(declaration.name, found);
      if (found.at(-1)?.layer === i) found.at(-1)!.declarations.push(declaration);
      else found.push({ layer: i, declarations: [declaration] });
    }
  const reached = new Set<Declaration>();
  const reach = (name: string, from: number): void => {
    let found = 0;
    for (const { layer, declarations } of places.get(name) ?? []) {
      if (layer > from) continue;
      const hidden = found;
      for (const declaration of declarations) {
        // One whose every meaning an inner layer has too can be reached no more.
        if ((declaration.meaning & ~hidden) === 0) continue;
        visit(declaration, layer);
        found |= declaration.meaning;
      }
    }
  };
  const visit = (declaration: Declaration, layer: number): void => {
    if (reached.has(declaration)) return;
    reached.add(declaration);
    for (const name of declaration.words) reach(name, layer);
  };
  for (const name of places.keys()) reach(name, layers.length);
  for (const [i, layer] of layers.entries())
    for (const declaration of layer) if (declaration.name === undefined) visit(declaration, i);
  return reached;
}

/** An import with one name of it only, so that the names live and are hidden apart from each other. */
export function importEntries(statement: ts.ImportDeclaration): Entry[] {
  const from = statement.moduleSpecifier.getText();
  const clause = statement.importClause;
  // A module may add to the platform's types.
  if (!clause) return [{ name: undefined, text: `import ${from};` }];
  const keyword = clause.phaseModifier === ts.SyntaxKind.TypeKeyword ? "import type" : "import";
  const entry = (name: string, what: string): Entry => ({ name, text: `${keyword} ${what} from ${from};` });
  const { name, namedBindings } = clause;
  const entries = [
    ...(name ? [entry(name.text, name.text)] : []),
    ...(!namedBindings
      ? []
      : ts.isNamespaceImport(namedBindings)
        ? [entry(namedBindings.name.text, namedBindings.getText())]
        : namedBindings.elements.map((element) => entry(element.name.text, `{ ${element.getText()} }`))),
  ];
  return entries.length > 0 ? entries : [{ name: undefined, text: `${keyword} {} from ${from};` }];
}

/** The parts of one declaration are all exported or none is, so none is: later cells see what stands around them, exported or not. */
const withoutExport = (text: string): string =>
  text.replace(/^((?:\s|\/\*[^]*?\*\/|\/\/.*\n)*)export (?:default )?/, "$1");

/** The declarations in a cell's emitted declaration file, imports excepted. */
export function declarationEntries(text: string): Entry[] {
  const file = ts.createSourceFile("declarations.d.ts", text, ts.ScriptTarget.Latest, true);
  return file.statements.flatMap((statement): Entry[] => {
    if (
      ts.isImportDeclaration(statement) ||
      ts.isImportEqualsDeclaration(statement) ||
      ts.isExportDeclaration(statement) ||
      ts.isExportAssignment(statement)
    )
      return [];
    if (!ts.isVariableStatement(statement))
      return [{ name: nameOf(statement), text: withoutExport(statement.getFullText()) }];
    const { declarations, flags } = statement.declarationList;
    if (declarations.length === 1)
      return [{ name: declarations[0]!.name.getText(), text: withoutExport(statement.getFullText()) }];
    const isLet = (flags & ts.NodeFlags.Let) !== 0;
    const keyword = (flags & ts.NodeFlags.Const) !== 0 ? "const" : isLet ? "let" : "var";
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
