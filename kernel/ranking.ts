// The order in which completions are offered: what a reader is likely to mean stands first.
import type ts from "typescript";

/** A completion with the symbol that it stands for, which TypeScript gives when asked. */
export interface SymbolEntry extends ts.CompletionEntry {
  readonly symbol?: ts.Symbol;
}

/** A completion as it is offered. */
export interface Match {
  readonly name: string;
  readonly kind: string;
}

/**
 * Entries that begin with `prefix`: in its own case first, then by TypeScript's own groups (locals before globals), then what older
 * editions of JavaScript have, then by the alphabet. What has been there for longest is what most code uses: so `Math.f` offers
 * `floor` and `fround` before `f16round`, which few have met.
 */
export function ranked(entries: readonly SymbolEntry[], prefix: string): readonly Match[] {
  const folded = prefix.toLowerCase();
  const offered = new Set<string>();
  return (
    entries
      .filter(({ name }) => name.toLowerCase().startsWith(folded) && !name.endsWith("·"))
      .map(({ name, kind, sortText, symbol }) => ({
        name,
        kind,
        group: `${name.startsWith(prefix) ? "0" : "1"} ${sortText}`,
        edition: editionOf(symbol),
      }))
      .sort((a, b) => compare(a.group, b.group) || a.edition - b.edition || compare(a.name, b.name))
      // A variable and a keyword may be called alike.
      .filter(({ name }) => !offered.has(name) && offered.add(name))
      .map(({ name, kind }) => ({ name, kind }))
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The edition of JavaScript in TypeScript's name for a part of its library: `lib.es5`, `lib.es2015.core`, `lib.esnext.float16`. */
const libraryEdition = /[\\/]typescript[\\/]lib[\\/]lib\.es(\d+|next)\b/;

/** The oldest edition that declares a symbol, such as 5 or 2015; 0 for what is not JavaScript's own. */
function editionOf(symbol: ts.Symbol | undefined): number {
  const editions = (symbol?.declarations ?? []).map((declaration) => {
    const edition = libraryEdition.exec(declaration.getSourceFile().fileName)?.[1];
    return edition === undefined ? 0 : edition === "next" ? Infinity : Number(edition);
  });
  return editions.length === 0 ? 0 : editions.reduce((oldest, edition) => Math.min(oldest, edition));
}
