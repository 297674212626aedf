// `npm run site`: exports the executed notebooks to site/, as pages that work without a network.
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { findPython } from "../notebooks/environment";
import { UserError } from "../notebooks/user-error";
import { evidencePage, linkedFiles, readEvidence } from "./evidence";
import { exportSite } from "./export";

const help = `npm run site -- [options]

Makes the course's site: every executed notebook by nbconvert, with its figures and formulas; the exercises, the guides, the glossary, the page of
evidence from results/ and the library's reference, in TypeDoc's shell with navigation and search. The teaching guide is there where the repository
has one (learners' have none); answers are on no site. Every address is relative: put the folder under any path of any server, or open index.html.

--notebooks FOLDER   the .ipynb files (default notebooks)
--output FOLDER      the folder to replace (default site)
--quick              without the library's reference, which takes most of the time
--help               this text
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      help: { type: "boolean", default: false },
      quick: { type: "boolean", default: false },
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
  const names = await exportSite({
    root,
    python,
    site,
    api: !values.quick,
    others: true,
    evidence: { page: (linked) => evidencePage(evidence, linked), files: linkedFiles(evidence) },
    notebooks: resolve(values.notebooks ?? join(root, "notebooks")),
  });
  console.log(`${names.length} pages in ${site}: open ${join(site, "index.html")}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof UserError ? error.message : error);
  process.exitCode = 1;
});
