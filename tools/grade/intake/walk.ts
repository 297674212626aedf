// Walks through a folder that a learner filled: follows no link, opens no file, and stops where there is too much.
import { lstatSync, opendirSync, type Stats } from "node:fs";
import { join } from "node:path";
import { printable } from "./names";

/** How much of a folder is looked at. */
export interface WalkBounds {
  /** Files and folders, all together. */
  readonly entries: number;
  /** Folders within folders. */
  readonly depth: number;
  /** The largest notebook, in bytes; outputs count here, and are dropped when it is read. */
  readonly bytes: number;
  /** All notebooks together: a file of nothing costs whoever made it no disk, and seconds to read. */
  readonly allBytes: number;
}

/** The bounds of a learner's folder. */
export const folderBounds: WalkBounds = { entries: 5000, depth: 12, bytes: 2 ** 30, allBytes: 2 ** 32 };

/** A notebook that was found. */
export interface FoundFile {
  readonly path: string;
  /** The path within the folder. */
  readonly within: string;
  /** When the file says it was last changed, in milliseconds since 1970. */
  readonly modified: number;
  /** What tells that two names are one file, where it has several names. */
  readonly shared?: string;
}

/** What a folder holds. */
export interface Walked {
  readonly files: readonly FoundFile[];
  /** What was passed over and why, in words for the learner. */
  readonly refused: readonly string[];
  /** Some of the files that are no notebooks. */
  readonly others: readonly string[];
}

/** Files that are named where there is no notebook. */
const MOST_OTHERS = 3;

/** Folders that tools make; what lies there was not handed in. */
export const foreign: ReadonlySet<string> = new Set([
  ".ipynb_checkpoints",
  ".git",
  "node_modules",
  "__MACOSX",
]);

/** The notebooks in `folder` and the folders in it, the outermost first. Never throws for what it finds. */
export function walk(folder: string, bounds: WalkBounds = folderBounds): Walked {
  const files: FoundFile[] = [];
  const refused: string[] = [];
  const others: string[] = [];
  let left = bounds.entries;
  let bytesLeft = bounds.allBytes;
  let level = [""];
  for (let depth = 0; level.length > 0 && left >= 0; depth++) {
    const next: string[] = [];
    for (const within of level) {
      if (left < 0) break;
      const names = namesIn(join(folder, within), left + 1);
      if (typeof names === "string") {
        refused.push(`${printable(within)}: cannot be read (${names})`);
        continue;
      }
      left -= names.length;
      for (const name of names) {
        const place = join(within, name);
        const kind = kindOf(join(folder, place));
        if (typeof kind === "string") refused.push(`${printable(place)}: ${kind}`);
        else if (kind.isDirectory()) {
          if (foreign.has(name)) continue;
          if (depth + 1 < bounds.depth) next.push(place);
          else refused.push(`${printable(place)}: lies in more than ${bounds.depth} folders`);
        } else if (name.endsWith(".ipynb") && !name.startsWith("._")) {
          if (kind.size > bounds.bytes)
            refused.push(`${printable(place)}: has ${kind.size} bytes, at most ${bounds.bytes} are read`);
          else if (kind.size > bytesLeft)
            refused.push(
              `${printable(place)}: with those before it has more than ${bounds.allBytes} bytes, which are not read`,
            );
          else {
            bytesLeft -= kind.size;
            files.push(foundFile(join(folder, place), place, kind));
          }
        } else if (others.length < MOST_OTHERS && !name.startsWith(".")) others.push(printable(place));
      }
    }
    level = next;
  }
  if (left < 0)
    refused.push(`the folder holds more than ${bounds.entries} files; the rest was not looked at`);
  return { files, refused, others };
}

/** A file that somebody named, if it is a regular one; otherwise why not. */
export function oneFile(path: string): FoundFile | string {
  const kind = kindOf(path);
  if (typeof kind === "string") return kind;
  return kind.isFile() ? foundFile(path, "", kind) : "is a folder";
}

function foundFile(path: string, within: string, { mtimeMs, nlink, dev, ino }: Stats): FoundFile {
  // Some file systems hold times that no Date does.
  const modified = Math.min(Math.max(Math.trunc(mtimeMs) || 0, 0), 8.64e15);
  return { path, within, modified, ...(nlink > 1 ? { shared: `${dev}:${ino}` } : {}) };
}

/** The names in a folder in order, at most `most`; or the system's word for why they cannot be read. */
function namesIn(folder: string, most: number): string[] | string {
  try {
    const directory = opendirSync(folder);
    try {
      const names: string[] = [];
      for (let entry = directory.readSync(); entry && names.length < most; entry = directory.readSync())
        names.push(entry.name);
      return names.sort();
    } finally {
      directory.closeSync();
    }
  } catch (error) {
    return codeOf(error);
  }
}

/** What kind of thing has the name, if it is a folder or a regular file; otherwise what is wrong with it. */
export function kindOf(path: string): Stats | string {
  let stats: Stats;
  try {
    stats = lstatSync(path);
  } catch (error) {
    // Node puts this character where bytes are no UTF-8, and finds no file of that name then.
    return path.includes("\ufffd")
      ? "has a name that is not written in UTF-8; rename it"
      : `cannot be looked at (${codeOf(error)})`;
  }
  if (stats.isFile() || stats.isDirectory()) return stats;
  const kinds = [
    [stats.isSymbolicLink(), "a link; links are not followed"],
    [stats.isFIFO(), "a pipe, not a file"],
    [stats.isSocket(), "a socket, not a file"],
  ] as const;
  return kinds.find(([is]) => is)?.[1] ?? "a device, not a file";
}

/** The system's word for an error, such as EACCES. */
export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
