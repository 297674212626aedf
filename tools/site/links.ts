// Checks that what the texts link to exists: files, notebooks and headings of the repository.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, extname, join, relative, resolve } from "node:path";
import { anchors, links } from "./markdown";

/** A text with links: a Markdown file, or the Markdown cells of a notebook source in their places. */
export interface Text {
  /** The file, relative to the repository. */
  readonly path: string;
  readonly markdown: string;
}

/** A link to nothing, as `path:line: why`. */
export type BrokenLink = string;

const skipped = new Set(["node_modules", "dist", "site", "runs", "coverage", "download"]);

/** Every Markdown file, notebook source and exercise master under the root, hidden and generated folders apart. */
export function texts(root: string): Text[] {
  return walk(root)
    .filter(
      (path) =>
        path.endsWith(".md") ||
        /(?:^|\/)(?:notebooks\/\d\d-[^/]*|solutions\/\d\d-[^/]*\/notebook)\.ts$/.test(relative(root, path)),
    )
    .map((path) => ({ path: relative(root, path), markdown: markdownOf(path, readFileSync(path, "utf8")) }));
}

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith(".") && !skipped.has(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? walk(path) : entry.isFile() ? [path] : [];
    });
}

/** The Markdown of a file, each line where it stands: of a notebook source only the Markdown cells. */
export function markdownOf(path: string, text: string): string {
  if (extname(path) !== ".ts") return text;
  let inMarkdown = false;
  return text
    .split("\n")
    .map((row) => {
      const marker = /^\/\/ %%(?:\s+(\[markdown\])?.*)?$/.exec(row);
      if (marker) {
        inMarkdown = marker[1] !== undefined;
        return "";
      }
      return inMarkdown ? row.replace(/^\/\/ ?/, "") : "";
    })
    .join("\n");
}

/** The links of the texts that lead nowhere. Addresses of other hosts are not visited. */
export function brokenLinks(root: string, all: readonly Text[]): BrokenLink[] {
  return all.flatMap(({ path, markdown }) =>
    links(markdown).flatMap(({ target, line }) => {
      const reason = problemOf(root, path, markdown, target);
      return reason === null ? [] : [`${path}:${line}: ${reason}`];
    }),
  );
}

function problemOf(root: string, from: string, markdown: string, target: string): string | null {
  if (target === "") return "a link must name something; got an empty target";
  if (/^(?:https?|mailto):/.test(target)) return null;
  if (/^[a-z][a-z0-9+.-]*:|^\//i.test(target))
    return `a link must be relative or begin with https://; got ${target}`;
  const [file = "", anchor] = target.split("#", 2);
  const path = file === "" ? join(root, from) : resolve(root, dirname(from), decodeURIComponent(file));
  if (relative(root, path).startsWith("..")) return `a link must stay in the repository; got ${target}`;
  // A chapter is linked as the notebook that is written from its source.
  const source = path.replace(/\.ipynb$/, ".ts");
  if (!existsSync(path) && !existsSync(source)) return `no such file: ${target}`;
  const isFolder = existsSync(path) && statSync(path).isDirectory();
  // GitHub shows what is in a folder, and the site does not.
  if (isFolder && extname(from) === ".ts" && !existsSync(join(path, "README.md")))
    return `a chapter's link must name a file; got ${target}`;
  if (anchor === undefined || anchor === "" || isFolder) return null;
  const text =
    file === "" ? markdown : existsSync(source) ? markdownOf(source, readFileSync(source, "utf8")) : null;
  if (text === null || !/\.(?:md|ts|ipynb)$/.test(path)) return null;
  const wanted = decodeURIComponent(anchor);
  const known = anchors(text);
  // Jupyter keeps capitals in its anchors, GitHub lowers them; a link of either form is right.
  return known.has(wanted) || known.has(wanted.toLowerCase())
    ? null
    : `no heading #${wanted} in ${file || from}`;
}
