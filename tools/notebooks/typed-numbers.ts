// Finds results typed into a notebook's prose: a figure of ours is computed in a cell or read from a record.
import { withoutCode } from "../site/markdown";

/** A number that looks like a result. */
export interface TypedNumber {
  readonly line: number;
  readonly text: string;
}

/** What follows a number when it is a result: a percentage, a loss, a time, a size of memory, a ratio. */
const measured =
  /(?<![\w.])[-−]?\d[\d,]*(?:\.\d+)?\s?(?:%|per cent|points?\b|nats?\b|seconds?\b|minutes?\b|ms\b|[KMG]i?B\b|images (?:a|per) second)|(?<![\w.])\d+\.\d{2,}(?![\w.])/g;

/** A paragraph or table row that says whose numbers it holds: a paper's, with its place. */
const source =
  /\b(?:paper|papers|reports?|reported|Table \d|Figure \d|section \d|footnote|equation \d|published|documentation)\b|arXiv/i;

/** Numbers that are no results: settings of a run, levels of confidence, how long things take to read, exercise times. */
const chosen = [
  /\b(?:rate|momentum|decay)s?(?: of)? \d+(?:\.\d+)?/gi,
  /\b(?:95|90|99|2\.5|5|1)\s?%(?= (?:interval|confidence|of such|level)|,? (?:would|confidence)|\.)/g,
  /\bconfidence interval\b[^.]*/g,
  /\b(?:95|99) %/g,
  /\*\*Time\.\*\*[^\n]*(?:\n[^\n]+)*/g,
  /^.*\b(?:Easy|Medium|Hard)\b, [^)]*\)/gm,
  /\b\d+(?:\.\d+)?\s?%\s+of\s+(?:such|cases|experiments|rehearsals)\b/g,
  /\b\d+(?:\.\d+)?\s?% is guessing\b/g,
  /\b(?:by chance|false alarms?)\b[^.]*\./g,
  /(?<![^.])[^.]*\bby chance in\b[^.]*(?:\.\d[^.]*)*\./g,
];

/**
 * The results in the prose of a notebook's Markdown cells. Not counted: code, formulas, a paragraph or table row that names its
 * source (a paper, a table, a figure, a section), settings such as a rate, levels of confidence, and times to read or to spend on an
 * exercise.
 *
 * @param markdown the Markdown cells, each line where it stands in the source
 */
export function typedNumbers(markdown: string): TypedNumber[] {
  const blank = (text: string): string => text.replaceAll(/[^\n]/g, " ");
  let text = withoutCode(markdown).replaceAll(
    /(?<!\\)\$\$[\s\S]+?\$\$|(?<!\\)\$[^$\n]+(?:\n[^$\n]+)?\$/g,
    blank,
  );
  for (const pattern of chosen) text = text.replaceAll(pattern, blank);
  const found: TypedNumber[] = [];
  let line = 1;
  for (const block of blocks(text)) {
    if (!source.test(block.said)) {
      for (const match of block.text.matchAll(measured)) {
        found.push({
          line: line + block.text.slice(0, match.index).split("\n").length - 1,
          text: match[0].trim(),
        });
      }
    }
    line += block.text.split("\n").length;
  }
  return found;
}

/** Paragraphs, and of a table each row with its heading and the paragraph above: what those say, a row says too. */
function blocks(text: string): { text: string; said: string }[] {
  const made: { text: string; said: string }[] = [];
  let paragraph: string[] = [];
  let heading = "";
  let above = "";
  const flush = (): void => {
    const said = paragraph.join("\n");
    if (paragraph.length > 0) made.push({ text: said, said });
    if (said.trim() !== "") above = said;
    paragraph = [];
  };
  for (const row of text.split("\n")) {
    const isRow = row.trimStart().startsWith("|");
    if (isRow) {
      flush();
      if (heading === "") heading = `${above}\n${row}`;
      made.push({ text: row, said: `${heading}\n${row}` });
    } else {
      heading = "";
      if (row.trim() === "" || /^\s*(?:[-*]|\d+\.)\s/.test(row)) flush();
      paragraph.push(row);
    }
  }
  flush();
  return made;
}
