// Writes exercises/NN-slug/ from solutions/NN-slug/, and says which copy is stale.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatNotebook, parseNotebook } from "../notebooks/notebook";
import { UserError } from "../notebooks/user-error";
import { loadQuestion } from "./answers";
import { isWorkedIn, learnerFiles, learnerNotebook } from "./learner";
import { readMaster } from "./master";

/** One file that an exercise consists of. */
export interface GeneratedFile {
  /** Relative to the root. */
  readonly path: string;
  readonly text: string;
}

/** The learner's files of one exercise, as its master says them. */
export function generate(root: string, slug: string): GeneratedFile[] {
  const notebook = learnerNotebook(readMaster(root, slug), loadQuestion(root, slug));
  return [
    { path: `exercises/${slug}/${slug}.ipynb`, text: formatNotebook(notebook) },
    ...learnerFiles.map((name) => ({
      path: `exercises/${slug}/${name}`,
      text: readFileSync(join(root, "solutions", slug, name), "utf8"),
    })),
  ];
}

/** The files of an exercise that are missing or other than their master says. */
export function staleFiles(root: string, slug: string): string[] {
  return generate(root, slug)
    .filter(
      ({ path, text }) => !existsSync(join(root, path)) || readFileSync(join(root, path), "utf8") !== text,
    )
    .map(({ path }) => path);
}

/**
 * Writes the learner's files of one exercise and gives those that changed.
 * @throws UserError if the learner's notebook holds work
 */
export function writeExercise(root: string, slug: string): string[] {
  const stale = new Set(staleFiles(root, slug));
  const notebook = `exercises/${slug}/${slug}.ipynb`;
  if (stale.has(notebook) && existsSync(join(root, notebook))) {
    const path = join(root, notebook);
    if (isWorkedIn(parseNotebook(readFileSync(path, "utf8"), path))) {
      throw new UserError(`${notebook} holds work and is not overwritten: move it away, then run this again`);
    }
  }
  mkdirSync(join(root, "exercises", slug), { recursive: true });
  for (const { path, text } of generate(root, slug)) {
    if (stale.has(path)) writeFileSync(join(root, path), text);
  }
  return [...stale];
}
