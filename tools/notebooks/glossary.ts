// The glossary: each term with the sentence that introduces it, taken from the chapter where it first stands in bold.

/** A chapter's source, as the pages need it. */
export interface Chapter {
  /** `01-the-degradation-problem` */
  readonly name: string;
  /** The Markdown cells, each line where it stands in the source. */
  readonly markdown: string;
}
import { terms } from "./terms";
import { UserError } from "./user-error";

/** A term, and where the course introduces it. */
export interface Entry {
  readonly term: string;
  /** The sentence, in Markdown. */
  readonly sentence: string;
  readonly chapter: string;
  /** The heading above it. */
  readonly heading: string;
  /** The line of the chapter's source on which the paragraph begins. */
  readonly line: number;
}

/**
 * The place of each term: the first bold one in the chapters' order, in singular or plural. What else is bold is emphasis.
 * @throws UserError naming the terms that no chapter introduces.
 */
export function entries(all: readonly Chapter[], wanted: readonly string[] = terms): Entry[] {
  const missing: string[] = [];
  const found = wanted.flatMap((term) => {
    for (const chapter of all) {
      const entry = introduced(term, chapter);
      if (entry) return [entry];
    }
    missing.push(term);
    return [];
  });
  if (missing.length > 0) {
    throw new UserError(
      `each term of tools/notebooks/terms.ts must stand in bold where a chapter introduces it; not found: ${missing.join(", ")}`,
    );
  }
  return found.sort((a, b) => (a.term.toLowerCase() < b.term.toLowerCase() ? -1 : 1));
}

/** The page. */
export function glossary(all: readonly Chapter[]): string {
  const lines = entries(all).map(({ term, sentence, chapter, heading }) => {
    const anchor = heading
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replaceAll(/\s/g, "-");
    return `- **${term}** (${chapter.slice(0, 2)}, [${heading}](../notebooks/${chapter}.ipynb#${anchor})): ${sentence}`;
  });
  return [
    "# Glossary",
    "",
    "Each term with the sentence that introduces it, and the place. Made from the chapters by `npm run notebooks -- --pages`.",
    "",
    ...lines,
    "",
  ].join("\n");
}

function introduced(term: string, { name, markdown }: Chapter): Entry | undefined {
  const pattern = new RegExp(`\\*\\*${term.replaceAll(/[.*+?^$()|[\]{}\\]/g, "\\$&")}s?\\*\\*`, "i");
  let heading = "";
  const all = paragraphs(markdown);
  for (const [i, { text: paragraph, line }] of all.entries()) {
    const title = /^\s*#{1,6}\s+(.+)$/m.exec(paragraph)?.[1];
    if (title !== undefined) heading = title.trim();
    const text = item(paragraph, pattern);
    if (text === undefined) continue;
    const sentence = sentences(text).find((one) => pattern.test(one)) ?? text;
    const whole = text.endsWith(sentence) ? withFormula(sentence, all[i + 1]?.text) : sentence;
    return { term, sentence: plainLinks(whole), chapter: name, heading, line };
  }
  return undefined;
}

/** A sentence that goes on in a formula of its own line, with that formula. */
function withFormula(sentence: string, next = ""): string {
  const formula = /^\s*\$\$([^$]+)\$\$/.exec(next)?.[1];
  if (formula === undefined || /[.?!]\)?$/.test(sentence)) return sentence;
  const tex = formula
    .replaceAll(/\\tag\{[^}]*\}/g, "")
    .replaceAll(/\s+/g, " ")
    .trim();
  return `${sentence} $${tex.replace(/[,.]$/, "").trim()}$`;
}

/** What stands between empty lines, and the line, from 1, on which each begins. */
export function paragraphs(markdown: string): { readonly text: string; readonly line: number }[] {
  return [...markdown.matchAll(/(?:^[^\S\n]*\S[^\n]*(?:\n|$))+/gm)].map(({ 0: text, index }) => ({
    text,
    line: markdown.slice(0, index).split("\n").length,
  }));
}

/** Of a list the item, else the whole paragraph, on one line. */
function item(paragraph: string, pattern: RegExp): string | undefined {
  const items = paragraph.split(/\n(?=\s*(?:[-*]|\d+\.)\s)/);
  const text = items.find((one) => pattern.test(one.replaceAll("\n", " ")));
  return text
    ?.replaceAll(/\s*\n\s*/g, " ")
    .replace(/^\s*(?:[-*]|\d+\.)\s+/, "")
    .trim();
}

/** Split where a sentence ends and another begins; formulas and brackets stay whole. */
export function sentences(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let isFormula = false;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "$") isFormula = !isFormula;
    else if (text[i] === "(") depth++;
    else if (text[i] === ")") depth = Math.max(0, depth - 1);
    else if (!isFormula && depth === 0 && /[.?!]/.test(text[i]!)) {
      // What closes an emphasis belongs to the sentence that it ends.
      const end = /^(\*\*)?(?=\s+[A-Z*$(`])/.exec(text.slice(i + 1));
      if (!end) continue;
      parts.push(text.slice(start, i + 1 + end[0].length).trim());
      start = i + 1 + end[0].length;
    }
  }
  return [...parts, text.slice(start).trim()];
}

/** Links as their text: they are relative to the chapter. */
function plainLinks(text: string): string {
  return text.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1");
}
