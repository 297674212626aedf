// `npm run solution`: shows an exercise's solution to somebody who has tried it.
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { nearest } from "../../lib/nearest";
import { UserError } from "../notebooks/user-error";
import { readMaster, slugs, solutionOf } from "./master";
import { attemptAt } from "./progress";

const help = `npm run solution -- NN-slug

Shows an exercise's solution, once you have tried it yourself: its answer cell must hold something of yours.

--root DIR  the folder that holds solutions/ and exercises/ (default: this repository)
--help      this text
`;

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: "boolean", default: false },
      root: { type: "string", default: resolve(__dirname, "..", "..") },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const root = resolve(values.root);
  const [slug] = positionals;
  const all = slugs(root);
  if (slug === undefined) {
    const rows = all.map((one) =>
      attemptAt(root, one) === undefined ? one : `${one}  tried: its solution is open`,
    );
    process.stdout.write(`${help}\nThe exercises:\n\n${rows.map((row) => `  ${row}\n`).join("")}`);
    return;
  }
  if (!all.includes(slug)) {
    const meant = nearest(slug, all);
    throw new UserError(
      `there is no exercise ${slug}${meant === undefined ? "" : ` (nearest: ${meant})`}; \`npm run solution\` lists them all`,
    );
  }
  if (attemptAt(root, slug) === undefined) {
    throw new UserError(
      `a solution opens after an attempt: write something in the answer cell of exercises/${slug}/${slug}.ipynb, save it, and ask again. Its hints are there too`,
    );
  }
  console.log(solutionOf(readMaster(root, slug)));
  console.log(`\nOther right answers: solutions/${slug}/also-right/`);
}

try {
  main();
} catch (error) {
  console.error(error instanceof UserError ? error.message : error);
  process.exitCode = 2;
}
