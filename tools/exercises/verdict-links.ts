// Where an exercise's verdict sends its reader: to the passage of the chapter, and on to the next exercise.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { check } from "residual";
import { listSources } from "../notebooks/source";
import { UserError } from "../notebooks/user-error";
import { inOrder, type Master } from "./master";

/**
 * The links of one exercise, relative to its notebook. The last exercise has no next one.
 *
 * @throws UserError where the chapter is not there or has no heading that says what the master's `passage` says
 */
export function verdictLinks(root: string, { slug, about: { passage } }: Master): check.CheckLinks {
  const folder = join(root, "notebooks");
  const chapter = existsSync(folder)
    ? listSources(folder).find(({ name }) => name.startsWith(slug.slice(0, 2)))
    : undefined;
  if (!chapter) throw new UserError(`${slug} belongs to a chapter that notebooks/ does not hold`);
  const headings: readonly string[] =
    readFileSync(chapter.source, "utf8").match(/(?<=^\/\/ ##+ ).+$/gm) ?? [];
  if (!headings.includes(passage)) {
    throw new UserError(
      `solutions/${slug}/notebook.ts: passage must be a heading of notebooks/${chapter.name}.ts; got "${passage}" (there are: ${headings.join("; ")})`,
    );
  }
  const all = inOrder(root).map((master) => master.slug);
  const next = all[all.indexOf(slug) + 1];
  return {
    // JupyterLab's address of a heading: its words with hyphens between them.
    read: `../../notebooks/${chapter.name}.ipynb#${passage.replaceAll(" ", "-")}`,
    ...(next === undefined ? {} : { next: `../${next}/${next}.ipynb` }),
  };
}
