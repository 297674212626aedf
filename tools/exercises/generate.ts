// Writes exercises/NN-slug/ from solutions/NN-slug/, and says which copy is stale.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatNotebook, parseNotebook } from "../notebooks/notebook";
import { UserError } from "../notebooks/user-error";
import { loadInputs, loadQuestion } from "./answers";
import { publicCases } from "./public-cases";
import { exerciseFileName } from "./exercise-file";
import { exerciseFile, isWorkedIn, learnerFiles, learnerNotebook } from "./learner";
import { readMaster } from "./master";
import { verdictLinks } from "./verdict-links";

/** One file that an exercise consists of. */
export interface GeneratedFile {
  /** Relative to the root. */
  readonly path: string;
  readonly text: string;
}

/** The files of one exercise that its master and its hidden cases say: what the notebook checks, and what the learner gets. */
export function generate(root: string, slug: string): GeneratedFile[] {
  const own = join(root, "solutions", slug, "cases.ts");
  const published = readFileSync(join(root, "solutions", slug, "public.ts"), "utf8").includes('"./cases"');
  // public.ts imports what is only now to be written.
  if (published && !existsSync(own)) writeFileSync(own, "export const cases = [];\n");
  const question = loadQuestion(root, slug);
  const master = readMaster(root, slug);
  const cases = publicCases(question, loadInputs(root, slug));
  const textOf = (name: string): string | undefined => {
    const path = join(root, "solutions", slug, name);
    if (name === "cases.ts") return cases;
    return existsSync(path) ? readFileSync(path, "utf8") : undefined;
  };
  const copies = learnerFiles.flatMap((name): GeneratedFile[] => {
    const text = textOf(name);
    return text === undefined ? [] : [{ path: `exercises/${slug}/${name}`, text }];
  });
  return [
    {
      path: `exercises/${slug}/${slug}.ipynb`,
      text: formatNotebook(learnerNotebook(master, question, verdictLinks(root, master))),
    },
    {
      path: `exercises/${slug}/${exerciseFileName}`,
      text: exerciseFile(readMaster(root, slug), question),
    },
    ...(cases === undefined ? [] : [{ path: `solutions/${slug}/cases.ts`, text: cases }]),
    ...copies,
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
