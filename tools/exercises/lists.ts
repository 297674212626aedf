// Where a learner finds the exercises: the table in exercises/README.md, and a list at the end of each chapter.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { listSources } from "../notebooks/source";
import { UserError } from "../notebooks/user-error";
import { inOrder, type About } from "./master";

/** The page that the table stands in, relative to the root. */
export const listPage = "exercises/README.md";

const begin = "<!-- exercises: a table made from their masters -->";
const end = "<!-- /exercises -->";

/**
 * The page with its table made anew: a row for each exercise, in the course's order.
 *
 * @throws UserError where the page is not there or has lost the table's marks.
 */
export async function withTable(root: string): Promise<string> {
  const path = join(root, listPage);
  const page = existsSync(path) ? readFileSync(path, "utf8") : "";
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from)
    throw new UserError(
      `the table of ${listPage} stands between the lines "${begin}" and "${end}"; they are gone`,
    );
  const rows = inOrder(root).map(({ slug, about: { title, difficulty, importance, minutes } }) => {
    return `| ${slug.slice(0, 2)} | [${title}](${slug}/${slug}.ipynb) | ${difficulty} | ${importance} | ${duration(minutes)} |`;
  });
  const table = ["| chapter | exercise | difficulty | importance | time |", "|---|---|---|---|---|", ...rows];
  const text = `${page.slice(0, from)}${begin}\n\n${table.join("\n")}\n\n${page.slice(to)}`;
  return format(text, { ...(await resolveConfig(path)), parser: "markdown" });
}

/** The lines that chapters should hold and do not, each with its chapter: a chapter lists its exercises. */
export function missingLines(root: string): string[] {
  const chapters = new Map(
    listSources(join(root, "notebooks")).map(({ name, source }) => [
      name.slice(0, 2),
      { name, text: readFileSync(source, "utf8") },
    ]),
  );
  return inOrder(root).flatMap(({ slug, about }) => {
    const line = chapterLine(slug, about);
    const chapter = chapters.get(slug.slice(0, 2));
    if (!chapter) return [`${slug} belongs to a chapter that notebooks/ does not hold`];
    if (chapter.text.split("\n").includes(line)) return [];
    return [`notebooks/${chapter.name}.ts needs the line ${line} below "## Exercises"`];
  });
}

/** A chapter's line on one of its exercises, as it stands in the source. */
function chapterLine(slug: string, { title, difficulty, minutes }: About): string {
  const words = ["Easy", "Easy", "Medium", "Hard", "Hard"];
  return `// - [${title}](../exercises/${slug}/${slug}.ipynb) (${words[difficulty - 1]!}, ${duration(minutes)}.)`;
}

function duration(minutes: number): string {
  return minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
}
