// `help()`: what a cell can do, as a page below it.
import { existsSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { displayKey } from "./mime";

/** What one wants, and what one writes. */
const rows: readonly (readonly [string, string])[] = [
  ["show a value before the cell's end", "`display(value)`"],
  ["a loop with a bar and the time left", "`for (const item of progress(items)) …`"],
  ["ask the reader", '`await input("Name? ")`'],
  ["take back what the cell has shown", "`clearOutput()`"],
  ["install a package beside the notebook", '`install("lodash")`'],
  ["complete a name; explain it", "Tab; Shift+Tab"],
  ["stop what runs", "the stop button, or i twice"],
  ["run a cell without checking its types", "`// @ts-nocheck` in its first line"],
];

/** The same of exercises. A learners' copy of the course has no answers, and so no commands that need them. */
const exercises: readonly (readonly [string, string])[] = [
  ["ask an exercise's checks", "run the cell below your answer"],
  ["which exercises are solved, and the next one", "`npm run progress` in a terminal"],
];

/** Where the course's pages lie, seen from a notebook's folder; undefined for a notebook outside the course. */
function courseFrom(folder: string): string | undefined {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(join(at, "docs", "cells.md"))) return relative(folder, at);
    if (at === dirname(at)) return undefined;
  }
}

/** Where one reads on. As Markdown the pages are links, where the notebook's own address leads to them. */
function further(folder: string): { readonly markdown: string; readonly plain: string } {
  const course = courseFrom(folder);
  const link = (page: string): string =>
    course === undefined || !existsSync(join(folder, course, page))
      ? `\`${page}\``
      : `[${page}](${join(course, page).split(sep).join("/")})`;
  const [cells, progress] = ["docs/cells.md", "course.ipynb"];
  const sentence = (named: (page: string) => string): string =>
    `The whole cheat sheet is ${named(cells)}; ${named(progress)}, which npm start makes, says what is solved and what comes next.`;
  return { markdown: sentence(link), plain: sentence((page) => page) };
}

function table(title: string, entries: typeof rows): string {
  return [`| ${title} | |`, "|---|---|", ...entries.map(([want, write]) => `| ${want} | ${write} |`)].join(
    "\n",
  );
}

function text(title: string, entries: typeof rows): string {
  return [title, ...entries.map(([want, write]) => `  ${want.padEnd(46)}${write.replaceAll("`", "")}`)].join(
    "\n",
  );
}

const inCells = "in a cell";
const inExercises = "in an exercise";

/** The page as its MIME types, for a notebook in `folder`. */
function helpPage(folder: string): Readonly<Record<string, string>> {
  const { markdown, plain } = further(folder);
  return {
    "text/markdown": `${table(inCells, rows)}\n\n${table(inExercises, exercises)}\n\n${markdown}`,
    "text/plain": `${text(inCells, rows)}\n\n${text(inExercises, exercises)}\n\n${plain}`,
  };
}

/** The function that cells have: it shows the page, and so does its name alone. */
export function makeHelp(
  folder: string,
  show: (bundle: Readonly<Record<string, string>>) => void,
): () => void {
  const help = (): void => {
    show(helpPage(folder));
  };
  return Object.assign(help, { [displayKey]: () => helpPage(folder) });
}
