// Reads from Markdown what the tools need: titles, links, formulas. Code is set aside first, since nothing in it counts.

/** A link or image and the line, from 1, that it stands on. */
export interface Link {
  readonly target: string;
  readonly line: number;
}

/** A formula as TeX, and the line, from 1, that it begins on. */
export interface Formula {
  readonly tex: string;
  readonly display: boolean;
  readonly line: number;
}

/** The text with fenced blocks, code spans and comments blanked out, every character and line in its place. */
export function withoutCode(markdown: string): string {
  const blank = (text: string): string => text.replaceAll(/[^\n]/g, " ");
  return markdown
    .replaceAll(/^ {0,3}(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^ {0,3}\1[^\S\n]*$|(?![\s\S]))/gm, blank)
    .replaceAll(/(?<![\\`])(`+)(?!`)([\s\S]*?[^`])\1(?!`)/g, blank)
    .replaceAll(/<!--[\s\S]*?-->/g, blank);
}

/** Every link and image target: inline, reference definitions, and `href`/`src` of HTML. */
export function links(markdown: string): Link[] {
  const text = withoutCode(markdown);
  const patterns = [
    /\]\(\s*<?([^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)*)>?(?:\s+["'][^\n]*?["'])?\s*\)/g,
    /^ {0,3}\[[^\]\n]+\]:\s*<?([^\s<>]+)>?/gm,
    /<(?:a|img|source)\b[^>]*?\b(?:href|src)\s*=\s*["']([^"']*)["']/gi,
  ];
  return patterns
    .flatMap((pattern) => [...text.matchAll(pattern)])
    .map((match) => ({ target: match[1]!, line: lineOf(text, match.index) }))
    .sort((a, b) => a.line - b.line);
}

const formulaPattern =
  /(?<!\\)\$\$([\s\S]+?)(?<!\\)\$\$|(?<!\\)(\\begin\{([a-z]+\*?)\}[\s\S]*?\\end\{\3\})|(?<![\\$])\$(?!\$)((?:[^$\n\\]|\\[\s\S]|\n(?!\s*\n))+)\$/g;

/** Every formula in `$...$`, `$$...$$` or a LaTeX environment, as Jupyter finds them: a formula doesn't cross an empty line. */
export function formulas(markdown: string): Formula[] {
  const text = withoutCode(markdown);
  return [...text.matchAll(formulaPattern)].map((match) => ({
    tex: (match[1] ?? match[2] ?? match[4])!.trim(),
    display: match[4] === undefined,
    line: lineOf(text, match.index),
  }));
}

/** The lines, from 1, of dollars that belong to no formula and are not written `\$`. */
export function strayDollars(markdown: string): number[] {
  const text = withoutCode(markdown);
  const rest = text.replaceAll(formulaPattern, (formula) => formula.replaceAll(/[^\n]/g, " "));
  return [...rest.matchAll(/(?<!\\)\$/g)].map((match) => lineOf(rest, match.index));
}

/** The anchors that headings give, as GitHub makes them. */
export function anchors(markdown: string): Set<string> {
  const seen = new Map<string, number>();
  const names = new Set<string>();
  const fenced = markdown.replaceAll(/^ {0,3}(`{3,}|~{3,})[\s\S]*?^ {0,3}\1\s*$/gm, "");
  for (const [, heading] of fenced.matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)) {
    const base = plain(heading!)
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(/\s/g, "-");
    const count = seen.get(base) ?? 0;
    seen.set(base, count + 1);
    names.add(count === 0 ? base : `${base}-${count}`);
  }
  for (const [, id] of fenced.matchAll(/<[a-z]+\b[^>]*?\b(?:id|name)="([^"]+)"/g)) names.add(id!);
  return names;
}

/** The first heading and the first paragraph after it, as plain text. */
export function titleAndSummary(markdown: string): { title: string; summary: string } {
  const match = /^#[^\S\n]+(.+?)[^\S\n]*(?:\n+((?:(?!#|\s*$|[-*>|]\s).*\n?)*)|$)/m.exec(markdown);
  return { title: plain(match?.[1] ?? ""), summary: plain((match?.[2] ?? "").trim().replaceAll("\n", " ")) };
}

/** Text without emphasis, code marks and link targets. */
function plain(text: string): string {
  return text
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll(/(\*\*|__)(.+?)\1/g, "$2")
    .replaceAll(/(?<![\w*])([*_])([^\s*_](?:.*?[^\s*_])?)\1(?![\w*])/g, "$2")
    .replaceAll(/`+([^`]*)`+/g, "$1");
}

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}
