// The files that programs are made of: each is read once, and again when it has changed.
import { statSync } from "node:fs";
import type ts from "typescript";
import { isInstalled } from "./resolution";

/** A file as it was when it was read. */
interface ReadFile {
  readonly source: ts.SourceFile | undefined;
  readonly stamp: string;
}

function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat ? `${String(stat.mtimeMs)} ${String(stat.size)}` : "";
}

/** Files by their paths. */
export class ReadFiles {
  readonly #files = new Map<string, ReadFile>();

  /** A file as it was when it was last read, by `read` if it was not. */
  get(path: string, read: () => ts.SourceFile | undefined): ts.SourceFile | undefined {
    const there = this.#files.get(path);
    if (there) return there.source;
    const file = { stamp: stampOf(path), source: read() };
    this.#files.set(path, file);
    return file.source;
  }

  /** Forgets what has changed on the disk, packages that are installed aside; tells whether anything has. */
  forgetChanged(): boolean {
    const changed = [...this.#files].filter(
      ([path, { stamp }]) => !isInstalled(path) && stampOf(path) !== stamp,
    );
    for (const [path] of changed) this.#files.delete(path);
    return changed.length > 0;
  }
}
