// A hash of everything besides the notebook that decides a score: when it changes, attempts are graded again.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Parts of the repository that take part in grading: the library that judges and notebooks use, the kernel, the grader, the packages. */
const parts = [
  "lib/package.json",
  "lib/dist",
  "kernel",
  "tools/grade",
  "tools/notebooks/notebook.ts",
  "package-lock.json",
];
const foreign = /(^|\/)(node_modules|\.cache)(\/|$)|\.test\.ts$|\.map$/;

/** The hash of the repository's parts, and of whatever else is given. */
export function fingerprintOf(root: string, ...rest: readonly unknown[]): string {
  const hash = createHash("sha256").update(JSON.stringify([process.version, process.arch, ...rest]));
  for (const part of parts) {
    const path = join(root, part);
    if (!existsSync(path)) continue;
    const names = statSync(path).isDirectory()
      ? readdirSync(path, { recursive: true, encoding: "utf8" }).sort()
      : [""];
    for (const name of names) {
      const file = join(path, name);
      if (foreign.test(name) || !statSync(file).isFile()) continue;
      hash.update(`${part}/${name}\0`).update(readFileSync(file)).update("\0");
    }
  }
  return hash.digest("hex");
}
