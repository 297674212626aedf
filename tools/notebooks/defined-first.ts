// Finds a glossary term that a chapter uses before the course has introduced it.
import { withoutCode } from "../site/markdown";
import { entries, paragraphs, sentences, type Entry } from "./glossary";
import type { Chapter } from "./glossary";
import { terms } from "./terms";

/** A stretch of a chapter that says one thing: a sentence, or a row of a table. */
interface Saying {
  /** The line on which its paragraph begins. */
  readonly line: number;
  /** Its Markdown in one line. */
  readonly text: string;
  /** The heading above it, or itself where it is one. */
  readonly heading: string;
  /** Whether it stands above the chapter's first section, where the chapter says what it will be about. */
  readonly announces: boolean;
}

/**
 * Each first use of a term above the place that introduces it, as `path:line: what to do`. A reader may meet a term early
 *
 * - in the paragraph that introduces it, or in the heading above;
 * - in a chapter's opening, when that chapter introduces it: there stands what it is about;
 * - in a sentence that names the chapter which introduces it, or links to that chapter or to the glossary, and in that chapter from there on;
 * - in the name of a work, a section, a chapter or a menu entry: emphasised or linked words that begin with a capital.
 *
 * Formulas and code use letters and names, not terms.
 */
export function earlyUses(all: readonly Chapter[], wanted: readonly string[] = terms): string[] {
  // A longer term first, and blanked when found: "residual network" is no use of "residual".
  const places = entries(all, wanted).sort((a, b) => b.term.length - a.term.length);
  const met = new Set<string>();
  return all.flatMap(({ name, markdown }) => {
    /** What a forward reference of this chapter has named. */
    const referred = new Set<string>();
    return sayings(markdown).flatMap((saying) => {
      let text = prose(saying.text);
      const early: string[] = [];
      for (const entry of places) {
        const pattern = new RegExp(`(?<![\\p{L}-])${entry.term}s?(?![\\p{L}-])`, "giu");
        if (!pattern.test(text)) continue;
        text = text.replaceAll(pattern, " ");
        if (met.has(entry.term) || referred.has(entry.term)) continue;
        if (isIntroduced(entry, name, saying)) met.add(entry.term);
        else if (isReference(entry, saying)) referred.add(entry.term);
        else if (!isAnnounced(entry, name, saying)) {
          early.push(
            `notebooks/${name}.ts:${saying.line}: "${entry.term}" is introduced in ${entry.chapter}.ts:${entry.line} only; ` +
              `define it here in bold, name that chapter in the sentence, or link to the glossary`,
          );
          met.add(entry.term);
        }
      }
      return early;
    });
  });
}

function isIntroduced(entry: Entry, chapter: string, { line }: Saying): boolean {
  return chapter > entry.chapter || (chapter === entry.chapter && line >= entry.line);
}

function isAnnounced(entry: Entry, chapter: string, { text, heading, announces }: Saying): boolean {
  return chapter === entry.chapter && (announces || (text.startsWith("#") && heading === entry.heading));
}

/** Whether the sentence says where the term is explained. */
function isReference(entry: Entry, { text }: Saying): boolean {
  const number = entry.chapter.slice(0, 2);
  return (
    text.includes("/glossary.md") ||
    text.includes(`(${entry.chapter}.ipynb`) ||
    new RegExp(`\\bchapters? (?:\\d\\d(?:, | and | to ))*${number}\\b`, "i").test(text)
  );
}

/** Without what is not read as running text: formulas, addresses, and names. */
function prose(text: string): string {
  return text
    .replaceAll(/\$\$?[^$]*\$\$?/g, " ")
    .replaceAll(/\[(?=\p{Lu})[^\]]*\]\([^)]*\)/gu, " ")
    .replaceAll(/\]\([^)]*\)/g, "]")
    .replaceAll(/(?<![*\w])\*(?=\p{Lu})[^*]+\*(?!\*)/gu, " ");
}

function sayings(markdown: string): Saying[] {
  let heading = "";
  let announces = true;
  return paragraphs(withoutCode(markdown)).flatMap(({ text: paragraph, line }) => {
    const title = /^\s*(#{1,6})\s+(.+)$/m.exec(paragraph);
    if (title) {
      heading = title[2]!.trim();
      announces &&= title[1] === "#";
    }
    return paragraph
      .split(/\n(?=\s*(?:[-*|]|\d+\.)(?:\s|$))/)
      .map((block) => block.replaceAll(/\s*\n\s*/g, " ").trim())
      .flatMap((block) => (block.startsWith("|") ? [block] : sentences(block)))
      .map((text) => ({ line, text, heading, announces }));
  });
}
