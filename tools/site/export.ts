// Exports the course as a site that needs nothing but the folder it is in.
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs"; // prettier-ignore
import { dirname, join, relative, resolve } from "node:path";
import { formatNotebook } from "../notebooks/notebook";
import { UserError } from "../notebooks/user-error";
import { finish, mendAnchors, readContent, sectionsOf, type Content } from "./content";
import { indexPage } from "./index-page";
import { nbconvert } from "./nbconvert";
import { externalReferences, localReferences } from "./offline";
import { chapterPages, groups, otherPages, type SitePage } from "./pages";
import { prepare } from "./prepare";
import { writeSite, type ShellPage } from "./shell";
import { glossaryHovers, hoversScript, linkTerms, referenceHovers, referencesOf, referencesPage } from "./hovers"; // prettier-ignore
import { terms as termsOf } from "../notebooks/terms";
import { typesetter, type Typesetter } from "./typeset";

/** Where things are. */
export interface ExportOptions {
  /** The repository: links outside it are refused, `.venv` and `node_modules` are its own. */
  readonly root: string;
  /** The folder of the chapters' `.ipynb` files. */
  readonly notebooks: string;
  /** The folder to write; replaced as a whole once everything in it is made. */
  readonly site: string;
  /** The environment's `bin/python`. */
  readonly python: string;
  /** Adds the exercises and the texts that the repository has. */
  readonly others?: boolean;
  /** Adds the reference of the library, by typedoc; some 15 seconds. */
  readonly api?: boolean;
  /** The page of evidence, given where a file of the repository lies on the site, and the files that it links to. */
  readonly evidence?: {
    readonly page: (linked: (path: string) => string) => string;
    readonly files: readonly string[];
  };
}

/** What draws figures, each with its file: plotly.js, and the script that draws figures in JupyterLab too. */
export function figureAssets(root: string): [name: string, file: string][] {
  return [
    ["plotly.min.js", join(root, "node_modules/plotly.js-dist-min/plotly.min.js")],
    ["figures.js", join(__dirname, "../start/jupyter/labextensions/residual-lab/static/figures.js")],
  ];
}

type Finished = Pick<ShellPage, "html" | "sections">;

/** Lies in every site, so that a folder that holds anything else is not replaced. */
const mark = join("assets", "site.css");

/**
 * Writes a page for each notebook and text, the first page, and the scripts, styles and linked files they use. Gives the names of the course's pages.
 * @throws UserError when the folder holds something else, there is no notebook, nbconvert fails, a linked file is missing, a page would fetch from another host, or a link leads nowhere.
 */
export async function exportSite(options: ExportOptions): Promise<string[]> {
  const { root, notebooks, site, python, others = false, api = false, evidence } = options;
  if (existsSync(site) && readdirSync(site).length > 0 && !existsSync(join(site, mark))) {
    throw new UserError(
      `the folder to write must be empty or an earlier export, since it is replaced; got ${site}`,
    );
  }
  const pages = [...chapterPages(root, notebooks), ...(others ? otherPages(root) : [])];
  mkdirSync(dirname(site), { recursive: true });
  const work = mkdtempSync(`${site}.partial-`);
  try {
    const made = join(work, "site");
    const bySource = new Map(pages.map(({ source, name }) => [source, `${name}.html`]));
    const copies = pages.map((page) => {
      const copy = join(work, `${page.name}.ipynb`);
      const address = (target: string) => addressOf(root, page.source, target, bySource, made);
      writeFileSync(copy, formatNotebook(prepare(page, address)));
      return copy;
    });
    nbconvert(copies, { python, work, output: work });
    const written = (name: string): string => readFileSync(join(work, `${name}.html`), "utf8");
    const contents = new Map(pages.map(({ name }) => [name, readContent(name, written(name))]));
    if (evidence) {
      const linked = (path: string) => addressOf(root, "README.md", path, bySource, made)!;
      contents.set("evidence", readContent("evidence", evidence.page(linked)));
    }
    for (const content of contents.values()) mendAnchors(content, contents);
    const setter = await typesetter();
    const titleOf = (name: string): string => pages.find((page) => page.name === name)?.title ?? name;
    const hovers = addHovers(contents, setter, titleOf);
    const finished = finishAll(contents, setter);
    const index = indexPage(pages, { evidence: evidence !== undefined, api });
    await writeSite({ root, site: made, pages: shellPages(pages, contents, finished), index, api });
    for (const [name, file] of figureAssets(root)) copyFileSync(file, join(made, "assets", name));
    copyFileSync(join(__dirname, "site.js"), join(made, "assets", "site.js"));
    writeFileSync(join(made, mark), `${readFileSync(join(__dirname, "site.css"), "utf8")}\n${setter.style}`);
    writeFileSync(join(made, "assets", "hovers.js"), hovers);
    requireWhole(made);
    rmSync(site, { recursive: true, force: true });
    renameSync(made, site);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return [...pages.map(({ name }) => name), ...(evidence ? ["evidence"] : [])];
}

/** Links terms to the glossary where there is one, adds the page of references, and gives the script with what is said of both. */
function addHovers(
  contents: Map<string, Content>,
  setter: Typesetter,
  titleOf: (page: string) => string,
): string {
  const glossary = contents.get("glossary");
  const terms = glossary ? glossaryHovers(glossary, setter) : new Map<string, string>();
  const references = referencesOf(contents.values());
  for (const page of contents.values()) if (/^\d\d-/.test(page.name) && glossary) linkTerms(page, termsOf); // prettier-ignore
  if (references.length > 0) contents.set("references", readContent("references", referencesPage(references, titleOf))); // prettier-ignore
  return hoversScript(terms, referenceHovers(references));
}

function finishAll(contents: ReadonlyMap<string, Content>, setter: Typesetter): Map<string, Finished> {
  const finished = new Map<string, Finished>();
  for (const [name, content] of contents) {
    const sections = sectionsOf(content);
    finished.set(name, { sections, html: finish(content, setter) });
  }
  return finished;
}

/** The pages in the order of the navigation, each with its neighbours of the same part. */
function shellPages(
  pages: readonly SitePage[],
  contents: ReadonlyMap<string, Content>,
  finished: ReadonlyMap<string, Finished>,
): ShellPage[] {
  const made = [
    { name: "evidence", title: "Evidence", group: "Chapters" },
    { name: "references", title: "References", group: "Guides" },
  ].filter(({ name }) => finished.has(name));
  const all = groups.flatMap((part) => [...pages, ...made].filter(({ group }) => group === part));
  return all.map(({ name, title, group }, i) => {
    const neighbour = (at: number) => (all[at]?.group === group ? all[at].name : undefined);
    const { headings } = contents.get(name)!;
    return { name, title, group, headings, ...finished.get(name)!, previous: neighbour(i - 1), next: neighbour(i + 1) }; // prettier-ignore
  });
}

/**
 * Where the site has what a file of the repository links to: another page, or a copy of the file. Answers are on no site, so they have no address.
 * @throws UserError for a link to nothing, and one that leaves the repository
 */
function addressOf(
  root: string,
  source: string,
  target: string,
  pages: ReadonlyMap<string, string>,
  made: string,
): string | undefined {
  const file = resolve(root, dirname(source), decodeURIComponent(target));
  const path = relative(root, file);
  if (path.startsWith("..")) throw new UserError(`a link must stay in the repository; got ${target}`);
  if (path.split("/")[0] === "solutions") return undefined;
  const page = pages.get(path) ?? pages.get(join(path, "README.md"));
  if (page !== undefined) return page;
  if (!existsSync(file) || !(statSync(file).isFile() || path === ""))
    throw new UserError(`${source}: a link must name a file; got ${target}`);
  const copy = join(made, "linked", path);
  mkdirSync(dirname(copy), { recursive: true });
  copyFileSync(file, copy);
  return `linked/${path.split("/").map(encodeURIComponent).join("/")}`;
}

/** @throws UserError naming what loading the page would fetch from another host. */
export function requireOffline(name: string, html: string): void {
  const external = externalReferences(html);
  if (external.length > 0) {
    throw new UserError(`${name} must load nothing from another host; got ${external.join(", ")}`);
  }
}

/** @throws UserError naming each link of the written pages that leads nowhere, and each page that would load from another host. */
function requireWhole(made: string): void {
  const names = readdirSync(made, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".html") && !name.startsWith("linked/")); // prettier-ignore
  const texts = new Map(names.sort().map((name) => [name, readFileSync(join(made, name), "utf8")]));
  for (const [name, html] of texts) requireOffline(name, html);
  const dead = deadLinks(made, texts);
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
