// Finds notebook sources and knows where in them each cell begins.
import { readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { UserError } from "./user-error";

/** One notebook's source and what is written from it. */
export interface NotebookPaths {
  /** `01-the-degradation-problem` */
  readonly name: string;
  readonly source: string;
  readonly output: string;
}

const sourceName = /^(\d{2})-[a-z0-9]+(-[a-z0-9]+)*\.ts$/;

/** Every notebook source in the folder, by number. */
export function listSources(folder: string): NotebookPaths[] {
  return readdirSync(folder)
    .filter((name) => sourceName.test(name))
    .sort()
    .map((name) => pathsOf(join(folder, name)));
}

/**
 * The notebooks that the arguments name: a number (`01`, `1`), a name, or a path to a source.
 * @throws UserError for an argument that names none, listing what there is.
 */
export function findSources(folder: string, names: readonly string[]): NotebookPaths[] {
  const all = listSources(folder);
  return names.map((name) => {
    if (name.endsWith(".ts")) return pathsOf(resolve(name));
    const wanted = /^\d$/.test(name) ? `0${name}` : name;
    const found = all.find((paths) => paths.name === wanted || paths.name.startsWith(`${wanted}-`));
    if (!found) {
      const known = all.map((paths) => paths.name).join(", ");
      throw new UserError(
        `a notebook is named by its number, name or path; got ${name} (there are: ${known || "none"})`,
      );
    }
    return found;
  });
}

function pathsOf(source: string): NotebookPaths {
  const name = basename(source, ".ts");
  return { name, source, output: source.replace(/\.ts$/, ".ipynb") };
}

/**
 * The line, from 1, of each cell's marker in a percent-format source.
 * @throws UserError when text stands before the first marker, since it belongs to no marked cell.
 */
export function cellLines(text: string, path: string): number[] {
  const rows = text.split("\n");
  const first = afterHeader(rows);
  const markers: number[] = [];
  for (let row = first; row < rows.length; row++) {
    if (/^\/\/ %%(\s|$)/.test(rows[row]!)) markers.push(row + 1);
    else if (markers.length === 0 && rows[row]!.trim() !== "") {
      throw new UserError(
        `a cell must begin with a line "// %%"; got ${JSON.stringify(rows[row])} at ${path}:${row + 1}`,
      );
    }
  }
  return markers;
}

/** The row after a jupytext YAML header in comments, or 0. */
function afterHeader(rows: readonly string[]): number {
  if (rows[0]?.trim() !== "// ---") return 0;
  const end = rows.findIndex((row, index) => index > 0 && row.trim() === "// ---");
  return end < 0 ? 0 : end + 1;
}
