// Turns a notebook into what nbconvert exports: a title, neighbours, and links that hold on the site.
import { joined, type Notebook } from "../notebooks/notebook";
import { unfolded, withoutPredictions } from "../notebooks/predictions";
import { titleAndSummary } from "./markdown";

/** One page of the site. */
export interface Page {
  /** The notebook's file name without `.ipynb`: the page is `NAME.html`. */
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly notebook: Notebook;
}

/** Reads title and summary. @throws Error when the first cell doesn't begin with a heading. */
export function page(name: string, notebook: Notebook): Page {
  const first = notebook.cells[0];
  const { title, summary } = titleAndSummary(first?.cell_type === "markdown" ? joined(first.source) : "");
  if (title === "") throw new Error(`${name}: the first cell must be Markdown that begins with a "# Title"`);
  return { name, title, summary, notebook };
}

/**
 * A copy for nbconvert, without the cells that a reader would write into and without folded text, with the title and the neighbours in its metadata. A link to another notebook becomes a link to its page;
 * a link to another file of the repository is handed to `file`, which says where the site has it.
 */
export function prepare(pages: readonly Page[], index: number, file: (target: string) => string): Notebook {
  const { notebook, title } = pages[index]!;
  const site = { previous: pages[index - 1]?.name, next: pages[index + 1]?.name };
  return {
    ...notebook,
    metadata: { ...notebook.metadata, title, residual_site: site },
    cells: withoutPredictions(notebook.cells).map((cell) =>
      cell.cell_type === "markdown"
        ? { ...cell, source: rewriteLinks(unfolded(joined(cell.source)), file) }
        : cell,
    ),
  };
}

/** The text with its local link targets replaced. */
export function rewriteLinks(markdown: string, file: (target: string) => string): string {
  return markdown.replaceAll(
    /(\]\(\s*)([^\s()]+)([^()]*\))/g,
    (whole, before: string, target: string, after: string) => {
      if (/^(?:[a-z][a-z0-9+.-]*:|#|\/\/)/i.test(target)) return whole;
      const [path = "", anchor] = target.split("#", 2);
      const suffix = anchor === undefined ? "" : `#${anchor}`;
      const moved = /^[\w-]+\.ipynb$/.test(path) ? path.replace(/\.ipynb$/, ".html") : file(path);
      return `${before}${moved}${suffix}${after}`;
    },
  );
}

/** A page that is no chapter. */
export interface OtherPage {
  readonly address: string;
  readonly title: string;
  readonly about: string;
}

/** The page that lists the others. */
export function contents(pages: readonly Page[], others: readonly OtherPage[] = []): string {
  const items = pages.map(
    ({ name, title, summary }) =>
      `<li><a href="${encodeURIComponent(name)}.html">${escapeHtml(title)}</a><p>${escapeHtml(summary)}</p></li>`,
  );
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Residual: a course on deep residual learning</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="assets/site.css">
</head>
<body>
<main>
<h1>Residual</h1>
<p>A course on deep residual learning, in TypeScript. These are the chapters as they ran, with their figures.</p>
<ul class="contents">
${items.join("\n")}
</ul>
${others.map(({ address, title, about }) => `<p><a href="${address}">${escapeHtml(title)}</a>: ${escapeHtml(about)}.</p>`).join("\n")}
</main>
</body>
</html>
`;
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
