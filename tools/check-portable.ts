// `npm run check:portable`: the library must run in a browser, so its bundle for one may import nothing of Node.
import { join } from "node:path";
import { bundleForBrowser, describeBundle } from "./portable-bundle";

bundleForBrowser(join(__dirname, "../lib/index.ts")).then(
  (bundle) => {
    console.log(describeBundle(bundle));
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  },
);
