// `npm run check:links`: every relative link and image of the Markdown files and notebooks leads somewhere.
import { resolve } from "node:path";
import { brokenLinks, texts } from "./links";

const root = resolve(__dirname, "..", "..");
const all = texts(root);
const broken = brokenLinks(root, all);
for (const line of broken) console.error(line);
if (broken.length === 0) console.log(`the links of ${all.length} texts hold`);
process.exitCode = broken.length === 0 ? 0 : 1;
