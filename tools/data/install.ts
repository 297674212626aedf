// Puts one data set into its folder, from the network or from a local copy: whole and verified, or not at all.
import { createHash } from "node:crypto";
import { mkdir, open, readFile, rename, rm, stat, statfs } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { unpack } from "./archive";
import { download, inWords, sha256Of, type DownloadOptions } from "./download";
import { holdLock } from "./lock";
import { codeOf, megabytes, Problem } from "./problem";
import { fits, hasSize, type Source, type SourceFile } from "./sources";

/** Where from, and who is told. */
export interface InstallOptions extends Omit<DownloadOptions, "onBytes"> {
  /** An address that stands for the official one; the files' names are appended. */
  readonly mirror?: string | undefined;
  /** A local file, or a folder that holds the files; nothing is downloaded. */
  readonly fromFile?: string | undefined;
  /** Told of each step in a sentence. */
  readonly onStep?: (text: string) => void;
  /** Told how many bytes of a file are there. */
  readonly onBytes?: (file: SourceFile, bytes: number) => void;
}

/**
 * Brings the files of `source` into `folder`, unless they are there. An archive is unpacked to `folder/<its folder>` and
 * not kept.
 *
 * @returns false where everything was there already.
 * @throws Problem with the reason and the remedy. Files appear under their names only whole and verified; of a download
 * that was cut, `*.partial` stays for the next run.
 */
export async function install(
  source: Source,
  folder: string,
  options: InstallOptions = {},
): Promise<boolean> {
  if (await installed(source, folder)) return false;
  await mkdir(folder, { recursive: true });
  const release = await holdLock(join(folder, ".lock"));
  try {
    await checkSpace(source, folder);
    if (source.archive) await installArchive(source, folder, options);
    else for (const file of source.files) await installFile(source, file, folder, options);
  } catch (error) {
    if (codeOf(error) !== "ENOSPC") throw error;
    throw new Problem(`The disk is full: ${folder}`, "Free some space and run it again.", { cause: error });
  } finally {
    await release();
  }
  return true;
}

/** Whether every file is there: packed files by their hash, unpacked ones, which appear all at once, by their size. */
export async function installed({ files, archive }: Source, folder: string): Promise<boolean> {
  if (archive) {
    for (const { name, bytes } of archive.members)
      if ((await sizeOf(join(folder, archive.folder, name))) !== bytes) return false;
    return true;
  }
  for (const file of files) if (!(await isRight(join(folder, file.name), file))) return false;
  return true;
}

async function installArchive(source: Source, folder: string, options: InstallOptions): Promise<void> {
  const layout = source.archive!;
  const file = source.files[0]!;
  const { signal, onStep, fromFile } = options;
  const path = fromFile === undefined ? join(folder, file.name) : await localFile(fromFile, file);
  if (fromFile !== undefined) {
    onStep?.(`checking ${path}`);
    await checkLocal(path, file);
  } else if (!(await isRight(path, file))) await fetch(source, file, path, options);

  const [temporary, target] = [join(folder, ".unpacking"), join(folder, layout.folder)];
  await rm(temporary, { recursive: true, force: true });
  try {
    onStep?.(`unpacking ${basename(path)}`);
    await unpack(path, layout, temporary, signal);
    await rm(target, { recursive: true, force: true });
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if (signal?.aborted || codeOf(error) === "ENOSPC") throw error;
    if (fromFile === undefined) await rm(path, { force: true });
    throw new Problem(
      `${path} is not ${source.name}: ${(error as Error).message}.`,
      "Nothing of it was kept.",
      {
        cause: error,
      },
    );
  }
  if (fromFile === undefined) await rm(path, { force: true });
}

async function installFile(
  source: Source,
  file: SourceFile,
  folder: string,
  options: InstallOptions,
): Promise<void> {
  const path = join(folder, file.name);
  if (await isRight(path, file)) return;
  if (options.fromFile === undefined) {
    await fetch(source, file, path, options);
    return;
  }
  const local = await localFile(options.fromFile, file);
  options.onStep?.(`copying ${local}`);
  const checked = await checkLocal(local, file);
  await writeWhole(path, file.contents ? checked : await readFile(local));
}

async function fetch(source: Source, file: SourceFile, path: string, options: InstallOptions): Promise<void> {
  const base = options.mirror ?? source.url;
  const url = `${base.replace(/\/+$/, "")}/${file.name}`;
  options.onStep?.(`fetching ${url} (${megabytes(file.bytes)})`);
  await download(url, path, file, {
    ...options,
    onBytes: (bytes) => options.onBytes?.(file, bytes),
  });
}

/** The file that `--from-file` means: itself, or the one of that name in the folder it names. */
async function localFile(given: string, { name }: SourceFile): Promise<string> {
  try {
    return (await stat(given)).isDirectory() ? join(given, name) : given;
  } catch (error) {
    throw new Problem(
      `--from-file must name a file or a folder that is there; got ${given}`,
      "Check the path.",
      {
        cause: error,
      },
    );
  }
}

/**
 * Checks a local copy against the published size and hash, or, for a .gz file compressed anew, its contents against theirs.
 * What is not compressed is hashed from disk and gives no bytes; a .gz file gives its own.
 */
async function checkLocal(path: string, file: SourceFile): Promise<Uint8Array> {
  const bytes = await sizeOf(path);
  if (bytes === undefined)
    throw new Problem(
      `${path} is not there.`,
      `--from-file must name ${file.name}, or the folder that holds it.`,
    );
  const wrong = (what: string): Problem =>
    new Problem(
      `${path} is not ${file.name} as published: ${what}.`,
      "Get it again, from the official address or a mirror.",
    );

  if (!file.contents) {
    if (!hasSize(file, bytes))
      throw wrong(`it must have ${file.atMost ? "at most " : ""}${file.bytes} bytes; got ${bytes}`);
    const sha256 = await sha256Of(path);
    if (!fits(file, bytes, sha256)) throw wrong(`its SHA-256 must be ${inWords(file)}; got ${sha256}`);
    return new Uint8Array();
  }
  if (bytes > 2 * file.bytes) throw wrong(`it must have about ${file.bytes} bytes; got ${bytes}`);
  const packed = await readFile(path);
  let contents: Uint8Array;
  try {
    contents = await promisify(gunzip)(packed, { maxOutputLength: file.contents.bytes });
  } catch (error) {
    throw wrong(`it must be gzip of ${file.contents.bytes} bytes; ${(error as Error).message}`);
  }
  const sha256 = createHash("sha256").update(contents).digest("hex");
  if (sha256 !== file.contents.sha256)
    throw wrong(`its contents' SHA-256 must be ${file.contents.sha256}; got ${sha256}`);
  return packed;
}

/** Whether an installed file is right, packed as published or compressed anew. */
async function isRight(path: string, file: SourceFile): Promise<boolean> {
  const bytes = await sizeOf(path);
  if (bytes === undefined) return false;
  if (hasSize(file, bytes) && fits(file, bytes, await sha256Of(path))) return true;
  if (!file.contents) return false;
  try {
    await checkLocal(path, file);
    return true;
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.copying`;
  try {
    const file = await open(temporary, "w");
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Refuses to begin where the disk cannot hold the download and what it unpacks to. */
async function checkSpace({ name, files, archive }: Source, folder: string): Promise<void> {
  const sum = (items: readonly { readonly bytes: number }[]): number =>
    items.reduce((total, { bytes }) => total + bytes, 0);
  const needed = sum(files) + sum(archive?.members ?? []);
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < needed)
    throw new Problem(
      `${name} takes ${megabytes(needed)} of disk while it is installed; ${folder} has ${megabytes(bavail * bsize)} free.`,
      "Free some space and run it again.",
    );
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    const found = await stat(path);
    return found.isFile() ? found.size : undefined;
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return undefined;
    throw error;
  }
}
