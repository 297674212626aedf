// The page "Course": each chapter with its exercises, what is solved, and what comes next, as Markdown with links from the course's folder.
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { joined, parseNotebook } from "../notebooks/notebook";
import { listSources } from "../notebooks/source";
import { next, type Progress } from "./progress";

/** One chapter's notebook. */
export interface Chapter {
  /** `02-residual-learning` */
  readonly name: string;
  /** Its heading. */
  readonly title: string;
}

/** The chapters by number, with their headings. */
export function chaptersOf(root: string): Chapter[] {
  return listSources(join(root, "notebooks")).map(({ name, output }) => {
    const { cells } = parseNotebook(readFileSync(output, "utf8"), basename(output));
    const [heading = name] = joined(cells[0]?.source ?? "").split("\n");
    return { name, title: heading.replace(/^# /, "") };
  });
}

const signs = { solved: "✓", begun: "◐", "not begun": "○" } as const;

/** Text within a table and a link. */
const plain = (text: string): string => text.replaceAll(/[\\|[\]`*_<]/g, "\\$&");

/** The page. */
export function progressMarkdown(all: readonly Progress[], chapters: readonly Chapter[]): string {
  const rows = chapters.map(({ name, title }) => {
    const own = all.filter(({ exercise: { slug } }) => slug.slice(0, 2) === name.slice(0, 2));
    const exercises = own.map(({ exercise, state }) => `${signs[state]} ${link(exercise)}`);
    const solved = own.filter(({ state }) => state === "solved").length;
    return `| [${plain(title)}](notebooks/${name}.ipynb) | ${exercises.join("<br>")} | ${solved} of ${own.length} |`;
  });
  const following = next(all)?.exercise;
  const chapter = following && chapters.find(({ name }) => name.slice(0, 2) === following.slug.slice(0, 2));
  const advice = following
    ? `**Next:** ${link(following)}${chapter ? `, after chapter [${plain(chapter.title)}](notebooks/${chapter.name}.ipynb)` : ""}.`
    : "**Every exercise is solved.**";
  const solved = all.filter(({ state }) => state === "solved").length;
  return [
    `${advice} ${solved} of ${all.length} exercises are solved.`,
    "",
    "| chapter | exercises | solved |",
    "|---|---|---|",
    ...rows,
    "",
    `${signs.solved} solved, ${signs.begun} begun, ${signs["not begun"]} not begun: by the public checks, of notebooks as they are saved.`,
  ].join("\n");
}

const link = ({ slug, title }: Progress["exercise"]): string =>
  `[${plain(title)}](exercises/${slug}/${slug}.ipynb)`;
