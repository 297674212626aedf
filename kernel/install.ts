// `install("lodash")`: a cell's own packages, put into the notebook's folder.
import childProcess from "node:child_process";

/**
 * The function that cells have: it runs npm in `folder` and shows what npm says. Without the prefix npm would look upwards for a
 * package.json, and change the course's.
 */
export function makeInstall(folder: string): (...names: string[]) => void {
  return (...names) => {
    const wrong = names.find((name) => !/^[\w@./~^:][\w@./~^:*+-]*$/.test(name));
    if (names.length === 0 || wrong !== undefined) {
      throw new TypeError(
        `install takes names of npm packages, such as install("lodash"); got ${wrong === undefined ? "none" : JSON.stringify(wrong)}`,
      );
    }
    // By the module's object, whose functions show below the cell what a program prints (children.ts).
    const { error, status } = childProcess.spawnSync(
      "npm",
      ["install", "--prefix", ".", "--no-audit", "--no-fund", ...names],
      { cwd: folder, stdio: "inherit" },
    );
    if (error) throw new Error("npm does not start; is it on the PATH of this Jupyter?", { cause: error });
    if (status !== 0)
      throw new Error(`npm could not install ${names.join(", ")}; what it says stands above.`);
  };
}
