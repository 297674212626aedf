// Records are only added: which committed ones were changed or deleted since, by what git remembers.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, relative } from "node:path";

/** Why git cannot tell of every record whether it was changed; undefined where it can. */
export function historyGap(root: string): string | undefined {
  const { status, stdout } = spawnSync("git", ["-C", root, "rev-parse", "--is-shallow-repository"], { encoding: "utf8" }); // prettier-ignore
  if (status !== 0) return "this is no git repository, so nothing tells whether records were changed";
  if (existsSync(join(root, ".course.json")))
    return "this is a released course, whose history does not have the commits that records were made at";
  if (stdout.trim() === "false") return undefined;
  return "only a part of the history is here, so earlier changes of records do not show: git fetch --unshallow brings the rest";
}

/**
 * Records in a folder that were once committed and are other or gone now, or were other in between: `FILE, in COMMIT` or `FILE, not committed`;
 * as far as the history that is here goes.
 *
 * @throws Error where there is no git repository
 */
export function changedRecords(root: string, folder: string): readonly string[] {
  const path = relative(root, folder);
  // Without renames: a record that goes on under another name is one that was deleted. `-m`: a merge, too.
  const changes = ["--no-renames", "--diff-filter=MDT", "--name-only"];
  const committed = git(root, "log", "-m", "--format=commit %h", ...changes, "--", path).split("\n");
  let commit = "";
  const found: string[] = [];
  for (const line of committed) {
    if (line.startsWith("commit ")) commit = line.slice("commit ".length);
    else if (line.endsWith(".json")) found.push(`${line}, in ${commit}`);
  }
  const now = git(root, "diff", ...changes, "HEAD", "--", path).split("\n");
  return [...found, ...now.filter((line) => line.endsWith(".json")).map((line) => `${line}, not committed`)];
}

/** Whether a commit is the one that is checked out or one before it. */
export function isInHistory(root: string, commit: string): boolean {
  const ancestor = spawnSync("git", ["-C", root, "merge-base", "--is-ancestor", commit, "HEAD"]);
  return ancestor.status === 0;
}

/** A file's text at a commit; undefined where there was no such file or there is no such commit. */
export function textAt(root: string, commit: string, path: string): string | undefined {
  const { status, stdout } = spawnSync("git", ["-C", root, "show", `${commit}:${path}`], { encoding: "utf8", maxBuffer: 2 ** 28 }); // prettier-ignore
  return status === 0 ? stdout : undefined;
}

function git(root: string, ...words: string[]): string {
  const { error, status, stdout, stderr } = spawnSync("git", ["-C", root, ...words], {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (error) throw new Error(`git cannot be run: ${error.message}`);
  if (status !== 0) throw new Error(`git ${words[0]!} failed: ${stderr.trim()}`);
  return stdout;
}
