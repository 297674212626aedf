// Stamps: small files, written last, that say with which inputs a step of setup succeeded.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { writeFile, rename, open } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

/** The SHA-256, in hexadecimal, of texts and bytes in order; each is delimited, so `["ab"]` and `["a", "b"]` differ. */
export function fingerprint(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) {
    hash.update(`${Buffer.byteLength(part)}:`);
    hash.update(part);
  }
  return hash.digest("hex");
}

/** The fingerprint of the files under `folders` (or of single files) that `wanted` accepts: their paths and contents. */
export function fingerprintFiles(
  root: string,
  folders: readonly string[],
  wanted: (path: string) => boolean = () => true,
): string {
  const parts: (string | Uint8Array)[] = [];
  for (const folder of folders) {
    for (const path of filesUnder(join(root, folder)).sort()) {
      const name = relative(root, path);
      if (wanted(name)) parts.push(name, readFileSync(path));
    }
  }
  return fingerprint(...parts);
}

const NEVER_SOURCES = new Set(["node_modules", "dist"]);

function filesUnder(path: string): string[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return [];
  if (!stat.isDirectory()) return [path];
  const names = readdirSync(path).filter((name) => !NEVER_SOURCES.has(name));
  return names.flatMap((name) => filesUnder(join(path, name)));
}

/** The stamps of one checkout, in `folder`. */
export class Stamps {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The fingerprint with which the step last succeeded. */
  read(id: string): string | undefined {
    const path = this.#path(id);
    return existsSync(path) ? readFileSync(path, "utf8").trim() : undefined;
  }

  /** Called after the work is verified. */
  async write(id: string, value: string): Promise<void> {
    mkdirSync(this.#folder, { recursive: true });
    await writeWhole(this.#path(id), `${value}\n`);
  }

  /** Called before the work begins: from here on nothing claims that it is done. */
  remove(id: string): void {
    rmSync(this.#path(id), { force: true });
  }

  #path(id: string): string {
    return join(this.#folder, id);
  }
}

/** Writes beside the target, syncs, then renames: a crash leaves the old file or the new one, never a part. */
export async function writeWhole(path: string, contents: string | Uint8Array): Promise<void> {
  const partial = `${path}.${process.pid}.partial`;
  mkdirSync(dirname(path), { recursive: true });
  const file = await open(partial, "w");
  try {
    await writeFile(file, contents);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(partial, path);
}
