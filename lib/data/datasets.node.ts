// Where data sets lie, for Node: in the repository's `datasets` folder, or in one that the learner names.
import { readFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { packageFolder } from "../files/package-folder.node.js";

/**
 * The folders to look in, in order: the given one alone; else `RESIDUAL_DATA`, where set, then the repository's
 * `datasets`. The latter is found beside this package, whatever the notebook's working directory is; a package that was
 * installed elsewhere brings the sample along (`tools/build.mjs`).
 */
export function datasetRoots(root?: string): readonly string[] {
  if (root !== undefined) return [resolve(root)];
  const named = process.env["RESIDUAL_DATA"];
  const folder = packageFolder();
  const isInstalled = basename(dirname(folder)) === "node_modules";
  const own = isInstalled ? join(folder, "dist", "datasets") : join(dirname(folder), "datasets");
  return [...(named ? [resolve(named)] : []), own];
}

/** The whole file, or undefined where there is none. */
export async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

/**
 * Unpacks gzip, never to more than `limit` bytes.
 * @throws Error where the data is damaged, cut short, or larger.
 */
export async function unpackGzip(bytes: Uint8Array, limit: number): Promise<Uint8Array> {
  return promisify(gunzip)(bytes, { maxOutputLength: limit });
}
