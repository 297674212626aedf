// `help()`: what a cell can do, as a page below it.
import { displayKey } from "./mime";

/** What one wants, and what one writes. */
const rows: readonly (readonly [string, string])[] = [
  ["show a value before the cell's end", "`display(value)`"],
  ["a loop with a bar and the time left", "`for (const item of progress(items)) …`"],
  ["ask the reader", '`await input("Name? ")`'],
  ["take back what the cell has shown", "`clearOutput()`"],
  ["complete a name; explain it", "Tab; Shift+Tab"],
  ["stop what runs", "the stop button, or i twice"],
  ["run a cell without checking its types", "`// @ts-nocheck` in its first line"],
];

/** The same of exercises. A learners' copy of the course has no answers, and so no commands that need them. */
const exercises: readonly (readonly [string, string])[] = [
  ["ask an exercise's checks", "run the cell below your answer"],
  ["which exercises are solved, and the next one", "`npm run progress` in a terminal"],
];

const page = "docs/cells.md";

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

/** The page as its MIME types. */
export function helpPage(): Readonly<Record<string, string>> {
  return {
    "text/markdown": `${table(inCells, rows)}\n\n${table(inExercises, exercises)}\n\nThe whole cheat sheet is ${page}.`,
    "text/plain": `${text(inCells, rows)}\n\n${text(inExercises, exercises)}\n\nThe whole cheat sheet is ${page}.`,
  };
}

/** The function that cells have: it shows the page, and so does its name alone. */
export function makeHelp(show: (bundle: Readonly<Record<string, string>>) => void): () => void {
  const help = (): void => {
    show(helpPage());
  };
  return Object.assign(help, { [displayKey]: helpPage });
}
