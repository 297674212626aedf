// Files on disk, for Node: whole reads, and writes that happen entirely or not at all.
import { open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/** The whole file. */
export async function readBytes(path: string): Promise<Uint8Array> {
  return readFile(path);
}

/** Writes beside the target, syncs, then renames: a reader or a crash sees the old file or the new one, never a part. */
export async function writeBytesAtomically(path: string, bytes: Uint8Array): Promise<void> {
  const partial = `${path}.${process.pid}.partial`;
  try {
    const file = await open(partial, "w");
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
    const folder = await open(dirname(path), "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
