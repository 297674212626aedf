// The site's first page: what the course is, its chapters, and where everything else lies.
import { escapeHtml, type Page } from "./prepare";
import type { SitePage } from "./pages";

/** What the site has beside the pages. */
export interface IndexOptions {
  readonly evidence: boolean;
  readonly api: boolean;
}

/** The text as HTML, without the shell. */
export function indexPage(pages: readonly SitePage[], { evidence, api }: IndexOptions): string {
  const of = (group: string): readonly SitePage[] => pages.filter((page) => page.group === group);
  const chapters = of("Chapters").map(
    ({ name, title, summary }) =>
      `<li><a href="${encodeURIComponent(name)}.html">${escapeHtml(title)}</a><p>${escapeHtml(words(summary))}</p></li>`,
  );
  const exercises = of("Exercises").filter(({ name }) => /^\d/.test(name));
  const lists: readonly (readonly [string, readonly string[]])[] = [
    ["Exercises", exercises.map(link)],
    [
      "Guides",
      [
        ...of("Guides").map(link),
        ...(evidence ? ['<a href="evidence.html">Evidence: what was run, and what follows from it</a>'] : []),
        ...(api ? ['<a href="modules.html">The library, function by function</a>'] : []),
      ],
    ],
    ["Teaching", of("Teaching").map(link)],
  ];
  const others = lists.map(([title, items]) =>
    items.length === 0
      ? ""
      : `<h2>${title}</h2>\n<ul class="links">\n${items.map((item) => `<li>${item}</li>`).join("\n")}\n</ul>`,
  );
  return `<h1>Residual</h1>
<p>A course on deep residual learning, in TypeScript. These are the chapters as they ran, with their figures.</p>
<h2>Chapters</h2>
<ul class="contents">
${chapters.join("\n")}
</ul>
${others.join("\n")}
`;
}

const link = ({ name, title }: Page): string => `<a href="${encodeURIComponent(name)}.html">${escapeHtml(title)}</a>`; // prettier-ignore

/** A summary in plain words: formulas without their dollars. */
const words = (summary: string): string =>
  summary.replaceAll(/(?<!\\)\$([^$]*)\$/g, (_, tex: string) => tex.replaceAll(/\\(?:mathcal|operatorname|text)|[{}\\]/g, "")); // prettier-ignore
