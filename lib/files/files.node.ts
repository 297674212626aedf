// Files on disk, for Node: whole reads of a bounded size, and writes that happen entirely or not at all.
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";

/** What a read allows. */
export interface ReadOptions {
  /** The largest file that is read, in bytes. */
  readonly limit?: number;
}

/** This process among all that write into a shared folder: containers number their processes alike, and a job's next pod has the last one's name. */
const writer = crypto.randomUUID().slice(0, 8);
let writes = 0;

/** After so long, in milliseconds, a part that another machine has begun is abandoned: whether its process lives cannot be asked from here. */
const abandonedAfter = 24 * 3600_000;

/** True if `path` names something. */
export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

/** When the file was last written; undefined if there is none. */
export async function modifiedAt(path: string): Promise<Date | undefined> {
  return (await exists(path)) ? (await stat(path)).mtime : undefined;
}

/**
 * The whole file.
 *
 * @throws Error if there is none, if it is not a regular file, or if it is larger than `limit` (2 GiB unless told).
 */
export async function readBytes(
  path: string,
  { limit = 2 ** 31 - 1 }: ReadOptions = {},
): Promise<Uint8Array> {
  const file = await open(path, "r");
  try {
    const about = await file.stat();
    if (!about.isFile()) throw new Error(`${path}: not a regular file`);
    if (about.size > limit) {
      throw new Error(`${path}: must be at most ${limit} bytes; it has ${about.size}`);
    }
    // A plain view: Buffer's own `slice` shares memory where Uint8Array's copies.
    const { buffer, byteOffset, byteLength } = await file.readFile();
    return new Uint8Array(buffer, byteOffset, byteLength);
  } finally {
    await file.close();
  }
}

/**
 * Writes beside the target, syncs, then renames: a reader or a crash sees the old file or the new one, never a part.
 * Missing folders are made.
 */
export async function writeBytesAtomically(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  // Machine, process and a count, so that two writers of one path cannot mix their bytes.
  const partial = `${path}.${hostname()}.${process.pid}-${writer}-${++writes}.partial`;
  try {
    const file = await open(partial, "wx");
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
    // The rename itself must survive a power cut, so the folder is synced too.
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

/** Deletes what killed processes left half-written beside `path`; what a living process is writing stays, here or on another machine. */
export async function removeAbandonedWrites(path: string): Promise<void> {
  if (!(await exists(dirname(path)))) return;
  const prefix = `${basename(path)}.`;
  for (const name of await readdir(dirname(path))) {
    if (!name.startsWith(prefix)) continue;
    const [, host, pid, by] = /^(.+)\.(\d+)-([0-9a-f]+)-\d+\.partial$/.exec(name.slice(prefix.length)) ?? [];
    if (host === undefined) continue;
    const part = join(dirname(path), name);
    if (host === hostname()) {
      const isOwn = Number(pid) === process.pid;
      if (isOwn ? by !== writer : !isAlive(Number(pid))) await rm(part, { force: true });
    } else if (Date.now() - ((await modifiedAt(part))?.getTime() ?? Date.now()) > abandonedAfter) {
      await rm(part, { force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and belongs to someone else.
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
