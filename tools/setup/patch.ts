// Applies a patch as `git diff --full-index` writes it: exactly, or not at all.
import { createHash } from "node:crypto";

/** Why a patch does not fit; says which file and what of it. */
export class PatchMisfit extends Error {
  override readonly name = "PatchMisfit";
}

interface Hunk {
  /** The first line that it covers, from 0. */
  readonly start: number;
  /** The lines that it replaces, and those that it puts in their place; the context is in both. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

interface FilePatch {
  readonly name: string;
  /** Git's names of the contents before and after. */
  readonly blobs: readonly [before: string, after: string];
  readonly hunks: readonly Hunk[];
}

/**
 * Applies a patch to the files that it names, in memory.
 *
 * Each file must be byte for byte the one that the patch was made from, and become the one that it was made to: the patch holds the
 * hashes of both. So a patch that does not fit fails here, and never by way of a compiler or at run time.
 *
 * @param patch the text that `git diff --full-index` prints
 * @param read gives a file's text by the name that the patch gives it; undefined where there is none
 * @returns the new text of each file by name
 * @throws PatchMisfit where a file is missing or not the one that the patch was made from
 */
export function applyPatch(
  patch: string,
  read: (name: string) => string | undefined,
): ReadonlyMap<string, string> {
  const files = parsePatch(patch);
  if (files.length === 0) throw new PatchMisfit("the patch changes no file");
  return new Map(files.map((file) => [file.name, patched(file, read(file.name))]));
}

/** The name that git gives to a file's content. */
export function blobName(text: string): string {
  return createHash("sha1")
    .update(`blob ${Buffer.byteLength(text)}\0`)
    .update(text)
    .digest("hex");
}

function patched({ name, blobs, hunks }: FilePatch, text: string | undefined): string {
  if (text === undefined) throw new PatchMisfit(`${name} is missing`);
  const [before, after] = blobs;
  if (blobName(text) !== before) {
    throw new PatchMisfit(
      `${name} is not the file that the patch was made from: its hash is ${blobName(text)}, not ${before}`,
    );
  }
  let lines = text.split("\n");
  // From the end, so that the places of the hunks before stay as they are.
  for (const hunk of [...hunks].reverse()) {
    const end = hunk.start + hunk.before.length;
    const found = lines.slice(hunk.start, end);
    if (found.join("\n") !== hunk.before.join("\n")) {
      throw new PatchMisfit(`${name} differs from the patch at line ${hunk.start + 1}`);
    }
    lines = [...lines.slice(0, hunk.start), ...hunk.after, ...lines.slice(end)];
  }
  const result = lines.join("\n");
  if (blobName(result) !== after) {
    throw new PatchMisfit(`${name} becomes another file than the patch says: its hash is not ${after}`);
  }
  return result;
}

function parsePatch(patch: string): FilePatch[] {
  return patch
    .split(/^diff --git /m)
    .slice(1)
    .map((section) => {
      const name = /^\+\+\+ b\/(.+)$/m.exec(section)?.[1];
      const blobs = /^index ([0-9a-f]{40})\.\.([0-9a-f]{40})/m.exec(section);
      if (name === undefined || blobs === null) {
        throw new PatchMisfit("the patch must come from `git diff --full-index`");
      }
      const [, ...hunks] = section.split(/^(?=@@ )/m);
      return { name, blobs: [blobs[1]!, blobs[2]!], hunks: hunks.map(parseHunk) };
    });
}

function parseHunk(text: string): Hunk {
  const [head, ...lines] = text.replace(/\n$/, "").split("\n");
  const start = /^@@ -(\d+)/.exec(head!)?.[1];
  if (start === undefined) throw new PatchMisfit(`the patch has a hunk without a place: ${head!}`);
  const without = (sign: string) =>
    lines.filter((line) => !line.startsWith(sign)).map((line) => line.slice(1));
  return { start: Number(start) - 1, before: without("+"), after: without("-") };
}
