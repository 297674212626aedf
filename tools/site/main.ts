// `npm run site`: exports the executed notebooks to site/, as pages that work without a network.
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { findPython } from "../notebooks/environment";
import { UserError } from "../notebooks/user-error";
import { evidencePage, linkedFiles, readEvidence } from "./evidence";
import { exportSite } from "./export";

const help = `npm run site -- [options]

Exports every executed notebook to HTML with nbconvert, with its figures and formulas, an index, and all scripts beside them; the
page of evidence from results/, the reference of the library with typedoc, and the teaching guide where there is one (learners' repositories
have none).

--notebooks FOLDER   the .ipynb files (default notebooks)
--output FOLDER      the folder to replace (default site)
--help               this text
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      help: { type: "boolean", default: false },
      notebooks: { type: "string" },
      output: { type: "string" },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const root = resolve(__dirname, "..", "..");
  const python = findPython(root);
  const site = resolve(values.output ?? join(root, "site"));
  const evidence = await readEvidence(root);
  const names = exportSite({
    root,
    python,
    site,
    api: true,
    guide: true,
    evidence: { page: (linked) => evidencePage(evidence, linked), files: linkedFiles(evidence) },
    notebooks: resolve(values.notebooks ?? join(root, "notebooks")),
  });
  console.log(`${names.length} pages in ${site}: open ${join(site, "index.html")}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof UserError ? error.message : error);
  process.exitCode = 1;
});
