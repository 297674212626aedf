// Where this package lies, for Node: its samples and its programs are found beside it, whatever the working directory is.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder of this package: the first above this file whose package.json says `residual`. */
export function packageFolder(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const manifest = join(folder, "package.json");
    if (existsSync(manifest)) {
      const { name } = JSON.parse(readFileSync(manifest, "utf8")) as { name?: string };
      if (name === "residual") return folder;
    }
    if (dirname(folder) === folder) throw new Error(`no package named residual above ${__dirname}`);
  }
}
