// Reads what learners get, and writes it into a folder: anew, or over an earlier release without touching what others changed there.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { UserError } from "../notebooks/user-error";
import { asReleased, isReleased } from "./contents";

/** One file of a release. */
export interface ReleasedFile {
  readonly bytes: Buffer;
  readonly mode: number;
}

/** Every file that learners get, by its path. @throws UserError outside of a git checkout */
export function releasedFiles(root: string): Map<string, ReleasedFile> {
  const paths = git(root, "ls-files", "-z", "--cached").split("\0").filter((path) => path !== "" && isReleased(path)); // prettier-ignore
  return new Map(
    paths.map((path) => {
      const from = join(root, path);
      return [path, { bytes: asReleased(path, readFileSync(from)), mode: statSync(from).mode & 0o777 }];
    }),
  );
}

/**
 * What is released is what is committed, because a notebook tried out by the instructor holds an answer.
 * @throws UserError naming what is not committed
 */
export function mustBeCommitted(root: string): void {
  const changed = git(root, "status", "--porcelain", "--untracked-files=no").split("\n").filter(Boolean);
  if (changed.length === 0) return;
  const names = changed.slice(0, 5).map((line) => line.slice(3));
  const more = changed.length > names.length ? ` and ${changed.length - names.length} more` : "";
  throw new UserError(
    `a release is made of what is committed; changed since: ${names.join(", ")}${more}. Commit it, or put it aside with git stash`,
  );
}

function git(root: string, ...args: readonly string[]): string {
  const { status, stdout } = spawnSync("git", ["-C", root, ...args], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (status !== 0)
    throw new UserError(`a release is made of the files that git knows; ${root} is no git checkout`);
  return stdout;
}

/** In the learners' repository: the hash of each file as it was released, so that what somebody changed since is known. */
export const manifestName = ".course.json";

/** What writing a release did. */
export interface Written {
  readonly added: readonly string[];
  readonly updated: readonly string[];
  readonly removed: readonly string[];
  /** Changed there by somebody since the last release, and left as they are. */
  readonly kept: readonly string[];
}

/**
 * Writes a release. In a folder with an earlier one, what is new is added, what changed is replaced, what is gone is removed; a file
 * that somebody changed or made there stays. Nothing else in the folder is looked at, git's history least of all.
 *
 * @throws UserError where the folder lies in the repository, or holds something that is no release
 */
export function writeRelease(
  root: string,
  folder: string,
  files: ReadonlyMap<string, ReleasedFile>,
): Written {
  mustBeOutside(root, folder);
  const before = readManifest(folder);
  const [added, updated, removed, kept]: string[][] = [[], [], [], []];
  const hashes: Record<string, string> = {};
  for (const [path, file] of files) {
    const to = join(folder, path);
    const there = hashAt(folder, path);
    const wanted = hashOf(file.bytes);
    hashes[path] = wanted;
    if (there === wanted) continue;
    if (there !== undefined && there !== before[path]) {
      kept!.push(path);
      // Still the earlier one's, so that it counts as changed the next time too.
      hashes[path] = before[path] ?? "";
      continue;
    }
    (there === undefined ? added! : updated!).push(path);
    mkdirSync(dirname(to), { recursive: true });
    const unfinished = `${to}.unfinished`;
    writeFileSync(unfinished, file.bytes, { mode: file.mode });
    renameSync(unfinished, to);
  }
  for (const [path, hash] of Object.entries(before)) {
    if (files.has(path)) continue;
    const to = join(folder, path);
    const there = hashAt(folder, path);
    if (there === undefined) continue;
    if (there === hash) {
      rmSync(to);
      removeEmptyFolders(folder, dirname(to));
      removed!.push(path);
    } else kept!.push(path);
  }
  writeFileSync(join(folder, manifestName), `${JSON.stringify(hashes, null, 2)}\n`);
  return { added: added!, updated: updated!, removed: removed!, kept: kept! };
}

function mustBeOutside(root: string, folder: string): void {
  const [from, to] = [resolve(root), resolve(folder)];
  if (!relative(from, to).startsWith("..") || !relative(to, from).startsWith(".."))
    throw new UserError(
      `a release needs a folder of its own, apart from the instructor's repository ${from}; got ${to}`,
    );
}

function readManifest(folder: string): Record<string, string> {
  const path = join(folder, manifestName);
  if (existsSync(path)) return JSON.parse(readFileSync(path, "utf8")) as Record<string, string>;
  const there = existsSync(folder) ? readdirSync(folder).filter((name) => name !== ".git") : [];
  if (there.length > 0)
    throw new UserError(
      `a release goes into a new folder, an empty git repository, or one that holds an earlier release (${manifestName}); ${folder} holds ${there.slice(0, 3).join(", ")}`,
    );
  mkdirSync(folder, { recursive: true });
  return {};
}

/**
 * The hash of a regular file; of anything else that lies there none that a release could have. A link or a file in the place of a folder on
 * the way counts as somebody's change of what should lie in it: through a link another folder would be written.
 */
function hashAt(folder: string, path: string): string | undefined {
  const names = path.split("/");
  for (let depth = 1; depth <= names.length; depth++) {
    const at = join(folder, ...names.slice(0, depth));
    const status = lstatSync(at, { throwIfNoEntry: false });
    if (status === undefined) return undefined;
    if (depth === names.length && status.isFile()) return hashOf(readFileSync(at));
    if (!status.isDirectory()) break;
  }
  return "no file";
}

const hashOf = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

function removeEmptyFolders(top: string, folder: string): void {
  for (let here = folder; here !== top && readdirSync(here).length === 0; here = dirname(here))
    rmdirSync(here);
}
