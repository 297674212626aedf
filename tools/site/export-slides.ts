// Writes slides of executed chapters, with all that they load beside them.
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"; // prettier-ignore
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { formatNotebook, parseNotebook } from "../notebooks/notebook";
import { UserError } from "../notebooks/user-error";
import { figureAssets, requireOffline } from "./export";
import { nbconvert } from "./nbconvert";
import { page } from "./prepare";
import { withSlides } from "./slides";

/** Where things are. */
export interface SlidesOptions {
  /** The repository, for its `node_modules`. */
  readonly root: string;
  /** The folder of the `.ipynb` files. */
  readonly notebooks: string;
  /** The folder to write into; other slides in it stay. */
  readonly output: string;
  /** The environment's `bin/python`. */
  readonly python: string;
  /** Numbers of chapters; all where it is empty. */
  readonly chapters: readonly string[];
}

/**
 * Writes `NN-slug.html` for each chapter and what they load to `assets/`; gives the paths of the pages.
 *
 * @throws UserError for a chapter that is not there, and where a page would load from another host
 */
export function exportSlides({ root, notebooks, output, python, chapters }: SlidesOptions): string[] {
  const all = readdirSync(notebooks).filter((name) => /^\d\d-.*\.ipynb$/.test(name)).sort(); // prettier-ignore
  const missing = chapters.find((number) => !all.some((name) => name.startsWith(`${number}-`)));
  if (missing !== undefined) {
    const numbers = all.map((name) => name.slice(0, 2)).join(", ");
    throw new UserError(`a chapter is named by its number; got ${missing} (there are: ${numbers})`);
  }
  const chosen = all.filter((name) => chapters.length === 0 || chapters.includes(name.slice(0, 2)));
  const work = mkdtempSync(join(tmpdir(), "residual-slides-"));
  try {
    const copies = chosen.map((name) => {
      const notebook = parseNotebook(readFileSync(join(notebooks, name), "utf8"), name);
      const { title } = page(name, name, notebook);
      const copy = join(work, name);
      const slides = withSlides(notebook);
      writeFileSync(copy, formatNotebook({ ...slides, metadata: { ...slides.metadata, title } }));
      return copy;
    });
    nbconvert(copies, { python, work, output: work, to: "slides" });
    const assets = new Map([
      ...figureAssets(root),
      ["mathjax.js", join(root, "node_modules/mathjax/es5/tex-svg-full.js")],
      ["slides.css", join(__dirname, "slides-page.css")],
      ["slides.js", join(__dirname, "slides-page.js")],
      ...["reveal.js", "reveal.css", "theme/white.css"].map((name): [string, string] => [
        `reveal/dist/${name}`,
        join(root, "node_modules/reveal.js/dist", name),
      ]),
    ]);
    for (const [name, source] of assets) {
      mkdirSync(dirname(join(output, "assets", name)), { recursive: true });
      copyFileSync(source, join(output, "assets", name));
    }
    return chosen.map((name) => {
      const html = name.replace(/ipynb$/, "html");
      const text = readFileSync(join(work, name.replace(/ipynb$/, "slides.html")), "utf8");
      requireOffline(html, text);
      writeFileSync(join(output, html), text);
      return join(output, html);
    });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
