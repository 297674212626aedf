// Turns a notebook into what nbconvert exports: links that hold on the site, and no cells to write into.
import { joined, type Notebook } from "../notebooks/notebook";
import { unfolded, withoutPredictions } from "../notebooks/predictions";
import { titleAndSummary } from "./markdown";

/** One page of the site. */
export interface Page {
  /** The page is `NAME.html`. */
  readonly name: string;
  /** The file that it is made of, relative to the repository. */
  readonly source: string;
  readonly title: string;
  readonly summary: string;
  readonly notebook: Notebook;
}

/** Reads title and summary. @throws Error when the first cell doesn't begin with a heading. */
export function page(name: string, source: string, notebook: Notebook): Page {
  const first = notebook.cells[0];
  const { title, summary } = titleAndSummary(first?.cell_type === "markdown" ? joined(first.source) : "");
  if (title === "") throw new Error(`${name}: the first cell must be Markdown that begins with a "# Title"`);
  return { name, source, title, summary, notebook };
}

/** Where the site has a file that a page links to, by the link's path; undefined for what the site must not have. */
export type Address = (target: string) => string | undefined;

/** A copy for nbconvert, without the cells that a reader would write into and without folded text, with the links led to where the site has what they name. */
export function prepare({ notebook, title }: Page, address: Address): Notebook {
  return {
    ...notebook,
    metadata: { ...notebook.metadata, title },
    cells: withoutPredictions(notebook.cells).map((cell) =>
      cell.cell_type === "markdown"
        ? { ...cell, source: rewriteLinks(unfolded(joined(cell.source)), address) }
        : cell,
    ),
  };
}

/** The text with its local link targets replaced. A link to what the site must not have is left as its words. */
export function rewriteLinks(markdown: string, address: Address): string {
  return markdown.replaceAll(
    /(!?)\[((?:[^[\]]|\[[^\]]*\])*)\]\(\s*([^\s()]+)([^()]*)\)/g,
    (whole, image: string, words: string, target: string, after: string) => {
      // A picture may stand in a link's words.
      const inner = words.includes("![") ? rewriteLinks(words, address) : words;
      if (/^(?:[a-z][a-z0-9+.-]*:|#|\/\/)/i.test(target)) return inner === words ? whole : `${image}[${inner}](${target}${after})`; // prettier-ignore
      const [path = "", anchor] = target.split("#", 2);
      const moved = address(path);
      if (moved === undefined) return inner;
      return `${image}[${inner}](${moved}${anchor === undefined ? "" : `#${anchor}`}${after})`;
    },
  );
}

/** The text as HTML shows it. */
export function escapeHtml(text: string): string {
  const names: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replaceAll(/[&<>"']/g, (character) => names[character]!);
}
