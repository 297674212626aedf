// Where the course's results lie, for Node: in the repository's `results` folder, which is found beside this package.
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { packageFolder } from "../files/package-folder.node.js";

/** The repository's `results`, whatever the notebook's working directory is. */
export const resultsFolder = (): string => join(dirname(packageFolder()), "results");

/** The JSON files of a folder, in the order of their names; none where there is no folder. */
export async function jsonFiles(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith(".json")).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
