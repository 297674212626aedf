// Which pages the site has: the chapters, and of the course's other texts those that the repository has. A learners' repository has fewer.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { parseNotebook, type Notebook } from "../notebooks/notebook";
import { UserError } from "../notebooks/user-error";
import { page, type Page } from "./prepare";

/** The parts of the site's navigation, in their order. */
export const groups = ["Chapters", "Exercises", "Guides", "Teaching"] as const;
export type Group = (typeof groups)[number];

/** A page with its place in the navigation. */
export interface SitePage extends Page {
  readonly group: Group;
}

interface Document {
  /** The page's name. */
  readonly name: string;
  readonly source: string;
  readonly group: Group;
  /** For the navigation, where the text's own title says too little there. */
  readonly title?: string;
}

/** The texts of the repository that are pages. What is about making the course, and answers, are none. */
const documents: readonly Document[] = [
  { name: "exercises", source: "exercises/README.md", group: "Exercises", title: "All exercises" },
  { name: "install", source: "README.md", group: "Guides", title: "Install and start" },
  { name: "cells", source: "docs/cells.md", group: "Guides" },
  { name: "kernel", source: "docs/kernel.md", group: "Guides" },
  { name: "gpu", source: "docs/gpu.md", group: "Guides" },
  { name: "containers", source: "docs/containers.md", group: "Guides" },
  { name: "sweeps", source: "docs/sweeps.md", group: "Guides" },
  { name: "verdicts", source: "results/README.md", group: "Guides", title: "How verdicts are computed" },
  {
    name: "library",
    source: "lib/README.md",
    group: "Guides",
    title: "The library in a project of your own",
  },
  { name: "glossary", source: "docs/glossary.md", group: "Guides" },
  { name: "teaching", source: "docs/teaching.md", group: "Teaching" },
  { name: "grading", source: "docs/grading.md", group: "Teaching" },
  { name: "jupyterhub", source: "docs/jupyterhub.md", group: "Teaching" },
];

/** The executed notebooks of a folder as pages. @throws UserError where there is none */
export function chapterPages(root: string, folder: string): SitePage[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(".ipynb"));
  if (names.length === 0) throw new UserError(`no executed notebook in ${folder}: run npm run notebooks -- --all`); // prettier-ignore
  return names.sort().map((name) => notebookPage(root, join(folder, name), "Chapters"));
}

/** The exercises as learners get them, and the texts. */
export function otherPages(root: string): SitePage[] {
  const folder = join(root, "exercises");
  const slugs = existsSync(folder) ? readdirSync(folder).filter((name) => /^\d\d-/.test(name)).sort() : []; // prettier-ignore
  const texts = documents.filter(({ source }) => existsSync(join(root, source)));
  const pages = texts.map(({ name, source, group, title }): SitePage => {
    const text = readFileSync(join(root, source), "utf8");
    return { ...page(name, source, textNotebook(name, text)), ...(title && { title }), group };
  });
  const exercises = slugs.map((slug) => notebookPage(root, join(folder, slug, `${slug}.ipynb`), "Exercises"));
  const at = pages.findIndex(({ group }) => group !== "Exercises");
  return [...pages.slice(0, at), ...exercises, ...pages.slice(at)];
}

function notebookPage(root: string, path: string, group: Group): SitePage {
  const notebook = parseNotebook(readFileSync(path, "utf8"), path);
  return { ...page(basename(path, ".ipynb"), relative(root, path), notebook), group };
}

/** A text as a notebook of one cell, so that texts and chapters are written by the same hand. */
const textNotebook = (id: string, source: string): Notebook => ({
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {},
  cells: [{ id, cell_type: "markdown", metadata: {}, source }],
});
