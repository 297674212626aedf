// Exports executed notebooks as pages that need nothing but the folder they are in.
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { formatNotebook, parseNotebook } from "../notebooks/notebook";
import { UserError } from "../notebooks/user-error";
import { guidePage } from "./guide";
import { nbconvert } from "./nbconvert";
import { externalReferences, localReferences } from "./offline";
import { contents, page, prepare } from "./prepare";

/** Where things are. */
export interface ExportOptions {
  /** The repository: links outside it are refused, `.venv` and `node_modules` are its own. */
  readonly root: string;
  /** The folder of the `.ipynb` files. */
  readonly notebooks: string;
  /** The folder to write; replaced as a whole once everything in it is made. */
  readonly site: string;
  /** The environment's `bin/python`. */
  readonly python: string;
  /** Adds the reference of the library, by typedoc; some 15 seconds. */
  readonly api?: boolean;
  /** Adds the teaching guide, where the repository has one. */
  readonly guide?: boolean;
  /** The page of evidence, given where a file of the repository lies on the site, and the files that it links to. */
  readonly evidence?: {
    readonly page: (linked: (path: string) => string) => string;
    readonly files: readonly string[];
  };
}

/** The folder of the library's reference within the site. */
const API = "api";

const evidenceLink = {
  address: "evidence.html",
  title: "Evidence",
  about: "what was run, what follows from it for the papers' claims, and what was not run",
};
const guideLink = {
  title: "Teaching with this course",
  about: "an afternoon to a graded assignment, syllabi, what learners get wrong",
};
const apiLink = {
  title: "The library, function by function",
  about: "what each takes and gives, with an example",
};

/** What draws figures and sets formulas, each with its file: plotly.js, MathJax, and the script that draws figures in JupyterLab too. */
export function figureAssets(root: string): [name: string, file: string][] {
  return [
    ["plotly.min.js", join(root, "node_modules/plotly.js-dist-min/plotly.min.js")],
    ["mathjax.js", join(root, "node_modules/mathjax/es5/tex-svg-full.js")],
    ["figures.js", join(__dirname, "../start/jupyter/labextensions/residual-lab/static/figures.js")],
  ];
}

/**
 * Writes a page for each notebook, a page of contents, and the scripts, style and linked files they use. Gives the page names.
 * @throws UserError when the folder holds something else, there is no notebook, nbconvert fails, a linked file is missing, or a page would fetch from another host.
 */
export function exportSite(options: ExportOptions): string[] {
  const { root, notebooks, site, python, api = false, evidence } = options;
  const guide = options.guide ? guidePage(root) : undefined;
  if (existsSync(site) && readdirSync(site).length > 0 && !existsSync(join(site, "assets", "site.css"))) {
    throw new UserError(
      `the folder to write must be empty or an earlier export, since it is replaced; got ${site}`,
    );
  }
  const names = readdirSync(notebooks).filter((name) => name.endsWith(".ipynb"));
  if (names.length === 0)
    throw new UserError(`no executed notebook in ${notebooks}: run npm run notebooks -- --all`);
  const pages = names.sort().map((name) => {
    const path = join(notebooks, name);
    return page(basename(name, ".ipynb"), parseNotebook(readFileSync(path, "utf8"), path));
  });
  mkdirSync(dirname(site), { recursive: true });
  const work = mkdtempSync(`${site}.partial-`);
  try {
    const made = join(work, "site");
    mkdirSync(join(made, "assets"), { recursive: true });
    const file = (target: string): string => copyLinked(root, notebooks, made, target);
    const copies = pages.map(({ name }, index) => {
      const copy = join(work, `${name}.ipynb`);
      writeFileSync(copy, formatNotebook(prepare(pages, index, file)));
      return copy;
    });
    if (guide) {
      const copy = join(work, `${guide.name}.ipynb`);
      writeFileSync(copy, formatNotebook(prepare([guide], 0, file)));
      copies.push(copy);
    }
    nbconvert(copies, { python, work, output: made });
    for (const [name, file] of figureAssets(root)) copyFileSync(file, join(made, "assets", name));
    copyFileSync(join(__dirname, "site.css"), join(made, "assets", "site.css"));
    if (evidence) {
      const linked = (path: string) => copyLinked(root, root, made, path);
      const addresses = new Map(evidence.files.map((path) => [path, linked(path)]));
      writeFileSync(
        join(made, "evidence.html"),
        evidence.page((path) => addresses.get(path)!),
      );
    }
    const others = [
      ...(evidence ? [evidenceLink] : []),
      ...(api ? [{ address: `${API}/index.html`, ...apiLink }] : []),
      ...(guide ? [{ address: `${guide.name}.html`, ...guideLink }] : []),
    ];
    writeFileSync(join(made, "index.html"), contents(pages, others));
    const written = [...pages, ...(guide ? [guide] : [])].map(({ name }) => name);
    const chapters = ["index", ...written, ...(evidence ? ["evidence"] : [])].map((name) => `${name}.html`);
    const names = [...chapters, ...(api ? reference(root, made) : [])];
    const texts = new Map(names.map((name) => [name, readFileSync(join(made, name), "utf8")]));
    for (const [name, html] of texts) requireOffline(name, html);
    requireLinks(made, texts);
    rmSync(site, { recursive: true, force: true });
    renameSync(made, site);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return pages.map(({ name }) => name);
}

/** Copies a linked file of the repository into the site and gives its address there. */
function copyLinked(root: string, notebooks: string, made: string, target: string): string {
  const source = resolve(notebooks, decodeURIComponent(target));
  const path = relative(root, source);
  if (path.startsWith("..")) throw new UserError(`a link must stay in the repository; got ${target}`);
  if (!existsSync(source) || !statSync(source).isFile())
    throw new UserError(`a link must name a file; got ${target}`);
  // Not `files/`: nbconvert takes that prefix off every link.
  const copy = join(made, "linked", path);
  mkdirSync(dirname(copy), { recursive: true });
  copyFileSync(source, copy);
  return `linked/${path.split("/").map(encodeURIComponent).join("/")}`;
}

/** @throws UserError naming what loading the page would fetch from another host. */
export function requireOffline(name: string, html: string): void {
  const external = externalReferences(html);
  if (external.length > 0) {
    throw new UserError(`${name} must load nothing from another host; got ${external.join(", ")}`);
  }
}

/** @throws UserError naming each link of the written pages that leads nowhere. */
function requireLinks(site: string, pages: ReadonlyMap<string, string>): void {
  const dead = deadLinks(site, pages);
  if (dead.length > 0) throw new UserError(`a link must lead somewhere; these do not:\n${dead.join("\n")}`);
}

/** The links of pages that lead nowhere, as `page: target`; a page's name is its path within the site. */
export function deadLinks(site: string, pages: ReadonlyMap<string, string>): string[] {
  const parsed = new Map([...pages].map(([name, html]) => [name, localReferences(html)]));
  return [...parsed].flatMap(([name, { targets }]) =>
    targets
      .filter((target) => {
        const [path = "", anchor] = target.split("#", 2).map(decodeURIComponent);
        const file = path === "" ? name : join(dirname(name), path);
        if (!existsSync(join(site, file))) return true;
        const ids = parsed.get(file)?.ids;
        return anchor !== undefined && anchor !== "" && ids !== undefined && !ids.has(anchor);
      })
      .map((target) => `${name}: ${target}`),
  );
}

/** Writes the reference of the library's public functions into `api/` and gives its pages' names. */
function reference(root: string, made: string): string[] {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      join(root, "node_modules/typedoc/bin/typedoc"),
      ...[
        "--out",
        join(made, API),
        "--name",
        "residual",
        "--readme",
        "lib/README.md",
        "--hideGenerator",
        "--includeHierarchySummary",
        "false",
      ],
    ],
    { cwd: root, encoding: "utf8" },
  );
  if (status !== 0) throw new UserError(`typedoc failed (exit ${status}):\n${stdout}${stderr}`);
  return readdirSync(join(made, API), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".html"))
    .map((name) => join(API, name));
}
