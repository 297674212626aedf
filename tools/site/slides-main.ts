// `npm run slides -- NN`: makes slides of chapters, which work without a network.
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { findPython } from "../notebooks/environment";
import { UserError } from "../notebooks/user-error";
import { exportSlides } from "./export-slides";

const help = `npm run slides -- NN... [options]

Makes slides of executed chapters, with their figures and formulas: slides/NN-slug.html, and all scripts beside them. A heading begins a column of
slides; long text is cut between paragraphs; short code is shown, long code left out; each figure has a slide. Arrow right: next section, arrow
down: on within it, Escape: all slides.

NN                   a chapter's number; all chapters unless said
--notebooks FOLDER   the .ipynb files (default notebooks)
--output FOLDER      where to write (default slides)
--help               this text
`;

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: "boolean", default: false },
      notebooks: { type: "string", default: "notebooks" },
      output: { type: "string", default: "slides" },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const root = resolve(__dirname, "..", "..");
  const pages = exportSlides({
    root,
    python: findPython(root),
    notebooks: resolve(values.notebooks),
    output: resolve(values.output),
    chapters: positionals,
  });
  for (const page of pages) console.log(page);
}

try {
  main();
} catch (error) {
  console.error(error instanceof UserError ? error.message : error);
  process.exitCode = 1;
}
