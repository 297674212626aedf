// `npm run check:rooms`: refuses imports that go upwards or in a circle, and a picture in docs/internals.md that is out of date; `-- --write`
// draws the picture anew.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { picture, readImports, refusals } from "./rooms.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const page = `${root}docs/internals.md`;
const drawn = /(<!-- npm run check:rooms -- --write -->\n\n```mermaid\n)[^`]*(\n```)/;

const imports = await readImports(root);
const refused = refusals(imports);
for (const line of refused) console.error(line);
if (refused.length > 0) process.exitCode = 1;
else {
  const before = readFileSync(page, "utf8");
  if (!drawn.test(before))
    throw new Error(`${page} has no place for the picture of the rooms: put its marks back`);
  const after = before.replace(drawn, `$1${picture(imports)}$2`);
  if (process.argv.includes("--write")) writeFileSync(page, after);
  else if (after !== before) {
    console.error(
      "The picture of the rooms in docs/internals.md is out of date: npm run check:rooms -- --write",
    );
    process.exitCode = 1;
  } else console.log(`${imports.modules.length} files import downwards only.`);
}
