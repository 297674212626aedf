// Makes slides of a chapter: which cells begin one, which go on, and what is left out follows from headings, lengths and outputs.
import { joined, type Cell, type Multiline, type Notebook, type Output } from "../notebooks/notebook";
import { claimTag, unfolded, withoutPredictions } from "../notebooks/predictions";

/** What fits on a slide, in lines of text as the style sets them. */
const room = 16;
/** Characters to a line of text. */
const lineLength = 92;
/** Code of more lines is left out: nobody reads it from a wall. Its outputs stay. */
const longestCode = 14;

type SlideType = "slide" | "subslide" | "-";

/**
 * The notebook with each cell's place on slides in its metadata, as nbconvert's reveal export reads it. A heading of a chapter or section begins
 * a column; below it come its text, cut between paragraphs where a slide is full, short code, and each figure or table by itself.
 */
export function withSlides(notebook: Notebook): Notebook {
  const cells: Cell[] = [];
  /** Lines that are taken on the slide at hand. */
  let filled = 0;
  const put = (cell: Cell, type: SlideType, lines: number): void => {
    filled = type === "-" ? filled + lines : lines;
    const metadata = { ...cell.metadata, slideshow: { slide_type: type } };
    cells.push({ ...cell, id: `${cell.id}-${cells.length}`, metadata });
  };
  for (const cell of withoutPredictions(notebook.cells)) {
    if (cell.cell_type === "markdown") {
      for (const part of partsOf(unfolded(joined(cell.source)))) {
        const level = /^(#+) /.exec(part)?.[1]?.length ?? 0;
        const lines = linesOf(part);
        const type =
          level > 0 ? (level < 3 ? "slide" : "subslide") : filled + lines > room ? "subslide" : "-";
        put({ ...cell, source: withoutLocalLinks(part) }, type, lines);
      }
    } else if (cell.cell_type === "code") {
      const { code, outputs } = shownOf(cell);
      if (code !== undefined)
        put({ ...cell, source: code, outputs: [] }, "subslide", code.split("\n").length);
      for (const output of outputs.flatMap(cutOf)) {
        const lines = isPicture(output) ? room : linesOf(textOf(output));
        const type = filled + lines > room ? "subslide" : "-";
        put({ ...cell, metadata: tagged(cell, "remove-input"), outputs: [output] }, type, lines);
      }
    }
  }
  return { ...notebook, cells };
}

/** Paragraphs, lists, formulas and headings with what follows: the pieces that are not cut. */
function partsOf(markdown: string): string[] {
  const parts: string[] = [];
  let heading = "";
  let open = false;
  for (const block of markdown.split(/\n{2,}|\n(?=#+ )/)) {
    // A fence, a formula or a fold with an empty line in it is one piece.
    if (open) parts.push(`${parts.pop()!}\n\n${block}`);
    else if (/^#+ [^\n]*$/.test(block)) heading += `${block}\n\n`;
    else {
      // A formula, and a list that a sentence leads to, stay with that sentence, and what goes on in the middle of one does too. In a
      // derivation the reason, which begins with a mark, follows its line.
      const before = parts.at(-1) ?? "";
      const goesOn =
        /^(?:\p{Ll}|[✓✗])/u.test(block) ||
        (block.startsWith("$$") && !/^[✓✗]/m.test(before)) ||
        (/^(?:[-*]|\d+\.) /.test(block) && /[:,]\**$/.test(before));
      if (heading === "" && goesOn && parts.length > 0) parts.push(`${parts.pop()!}\n\n${block}`);
      else parts.push(heading + block);
      heading = "";
    }
    const last = parts.at(-1) ?? "";
    const count = (mark: RegExp): number => last.match(mark)?.length ?? 0;
    open =
      [/^ {0,3}```/gm, /(?<!\\)\$\$/g].some((mark) => count(mark) % 2 === 1) ||
      count(/<details>/g) > count(/<\/details>/g);
  }
  if (heading !== "") parts.push(heading.trim());
  return parts.filter((part) => part.trim() !== "");
}

function linesOf(part: string): number {
  const formulas = part.match(/\$\$/g)?.length ?? 0;
  return part
    .split("\n")
    .reduce(
      (sum, row) => sum + (row === "" ? 0.5 : Math.max(1, Math.ceil(row.length / lineLength))),
      formulas,
    );
}

/**
 * What of a code cell is shown. Code that draws a figure or a table says less than these do, a claim only stops a notebook that came out
 * otherwise, and what begins with imports prepares the machine.
 */
function shownOf(cell: Cell): { code?: string; outputs: readonly Output[] } {
  const source = joined(cell.source);
  const outputs = (cell.outputs ?? []).filter((output) => isPicture(output) || textOf(output) !== "");
  const tags = (cell.metadata["tags"] ?? []) as readonly string[];
  const isLeftOut =
    source.split("\n").length > longestCode ||
    tags.includes(claimTag) ||
    source.startsWith("import ") ||
    outputs.some(isPicture);
  return isLeftOut ? { outputs } : { code: source, outputs };
}

/** Whether an output needs a slide of its own. */
const isPicture = ({ data = {} }: Output): boolean =>
  Object.keys(data).some((type) => /^application\/vnd\.plotly|^image\/|^text\/html/.test(type));

/** An output in Markdown, such as a derivation of many lines, in pieces as text is; any other as it is. */
function cutOf(output: Output): Output[] {
  const markdown = output.data?.["text/markdown"] as Multiline | undefined;
  if (markdown === undefined || isPicture(output)) return [output];
  return partsOf(joined(markdown)).map((part) => ({ ...output, data: { "text/markdown": part } }));
}

const textOf = ({ text, data, traceback }: Output): string =>
  joined(
    text ??
      (data?.["text/markdown"] as Multiline | undefined) ??
      (data?.["text/plain"] as Multiline | undefined) ??
      traceback?.join("\n") ??
      "",
  ).trim();

const tagged = ({ metadata }: Cell, tag: string): Record<string, unknown> => ({
  ...metadata,
  tags: [...((metadata["tags"] ?? []) as readonly string[]), tag],
});

/** A slide has no other pages beside it: of a link into the course its words stay. */
const withoutLocalLinks = (markdown: string): string =>
  markdown.replaceAll(/(?<!!)\[([^\]]*)\]\((?![a-z][a-z0-9+.-]*:)[^()]*\)/gi, "$1");
