// Tells a cell in which only public names of the library changed from one that does something else: the former keeps its outputs.
import ts from "typescript";
import { joined, type Cell } from "./notebook";
import { UserError } from "./user-error";

/** New names by the old ones. */
export type Renamings = ReadonlyMap<string, string>;

/** Reads `old=new` of the command line. @throws UserError where one is none. */
export function parseRenamings(given: readonly string[]): Renamings {
  return new Map(
    given.map((text) => {
      const [, from, to] = /^([A-Za-z_]\w*)=([A-Za-z_]\w*)$/.exec(text) ?? [];
      if (from === undefined || to === undefined)
        throw new UserError(`--renamed takes two names, such as rate=learningRate; got ${text}`);
      return [from, to];
    }),
  );
}

/**
 * Whether a cell that ran is the wanted one but for names, of which each is the new name of the old one, and for its layout. An old name that
 * its outputs show as code, as a printed field or as a column's heading, makes it another: they would show the new name.
 */
export function onlyRenamed(ran: Cell, wanted: Cell, renamings: Renamings): boolean {
  const before = tokensOf(joined(ran.source));
  const after = tokensOf(joined(wanted.source));
  const used = new Set<string>();
  const same =
    before.length === after.length &&
    before.every(({ text, isName }, i) => {
      if (text === after[i]!.text) return true;
      used.add(text);
      return isName && renamings.get(text) === after[i]!.text;
    });
  const shown = JSON.stringify(ran.outputs ?? []);
  return same && [...used].every((name) => !new RegExp(`\\b${name}[:(]|\\.${name}\\b|>${name}<`).test(shown));
}

/** The tokens of a cell without comments, and without the commas that layout puts at the end of a list. */
function tokensOf(source: string): readonly { readonly text: string; readonly isName: boolean }[] {
  const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.Latest);
  const leaves = (node: ts.Node): ts.Node[] =>
    ts.isJSDoc(node) ? [] : node.getChildCount(file) === 0 ? [node] : node.getChildren(file).flatMap(leaves);
  const tokens = leaves(file).map((node) => ({ text: node.getText(file), isName: ts.isIdentifier(node) }));
  return tokens.filter(
    ({ text }, i) => text !== "" && !(text === "," && /^[)\]}]$/.test(tokens[i + 1]?.text ?? "")),
  );
}
