// Leads a stack trace from the JavaScript that ran back to the TypeScript that was written in a cell.
import { existsSync, readFileSync } from "node:fs";
import { SourceMap, type SourceMapPayload } from "node:module";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { withoutVersion } from "./es-modules";
import { library } from "./intrinsics";
import { linesOf } from "./lines";
import { read } from "./thrown";

/** A place in a cell, both counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A cell's compiled text, and the way back to its TypeScript. */
export interface CompiledText {
  readonly map: SourceMapPayload;
  /** UTF-16 units that stand before the compiled text's first line when it runs. */
  readonly columnsBefore: number;
  /** The cell as it was written. */
  readonly code: string;
}

/** Texts of cells that are remembered, in UTF-16 units with their maps: the latest ones. */
const mostUnits = 4e6;
const mostMaps = 20;

const frame = /cell\[(\d+)\]:(\d+):(\d+)/;

/** What a cell is called in stack traces. */
export function cellName(number: number): string {
  return `cell[${String(number)}]`;
}

/** A file's place in a frame: `(path:line:column)` or `at path:line:column`. */
const fileFrame = /(?<=\(|at |at async )(file:\/\/)?(\/[^()]*?|[A-Za-z]:[^()]*?):(\d+):(\d+)(?=\)?$)/;

/** The map that a compiler left beside a file; those of installed packages mostly lead to sources that are not there. */
function mapBeside(path: string): SourceMap | undefined {
  const file = `${path}.map`;
  if (/[\\/]node_modules[\\/]/.test(path) || !existsSync(file)) return undefined;
  return new SourceMap(JSON.parse(readFileSync(file, "utf8")) as SourceMapPayload);
}

/** Frames of the kernel. */
const ownFrame = /^\s+at .*[\\/]kernel[\\/](dist[\\/]|[\w-]+\.ts:)/;

/** Frames of tslab and of Node, with which the way to a cell begins. */
const foreignFrame = /^\s+at .*(node:|[\\/]node_modules[\\/]tslab[\\/])/;

/** Whether a line of a stack trace tells of the kernel or of Node. */
export const isForeign = (text: string): boolean => ownFrame.test(text) || foreignFrame.test(text);

/** What stands above a stack's frames; anything may be an error's name. */
const headOf = (error: Error): string => read(() => Error.prototype.toString.call(error), "<error>");

/**
 * V8 says where `eval` was called without the script's name, `eval at f (:1:48)`. The name is that of the frame with this place; where there is
 * none, as for a function that was made before, the place means nothing to the reader.
 */
function withEvalPlaces(frames: readonly string[]): string[] {
  const named = new Map(
    frames.flatMap((text) =>
      [...text.matchAll(/(cell\[\d+\]):(\d+:\d+)/g)].map(([, name, at]) => [at, name]),
    ),
  );
  return frames.map((text) =>
    text.replace(/ \(:(\d+:\d+)\)/, (_whole, at: string) => {
      const name = named.get(at);
      return name === undefined ? "" : ` (${name}:${at})`;
    }),
  );
}

/** A cell that ran; its map is a text until somebody asks. */
interface KnownCell {
  readonly mappings: string;
  readonly columnsBefore: number;
  readonly code: string;
}

/** The places of the cells that ran last. */
export class SourceLines {
  readonly #modules = new Map<string, SourceMap>();
  readonly #maps = new Map<string, SourceMap | undefined>();
  readonly #cells = new Map<string, KnownCell>();
  /** Maps that were asked for last. */
  readonly #read = new Map<string, SourceMap>();
  #units = 0;

  /** Remembers how a cell was compiled; running a cell of the same name again replaces it. */
  register(name: string, { map, columnsBefore, code }: CompiledText): void {
    this.#forget(name);
    this.#cells.set(name, { mappings: map.mappings, columnsBefore, code });
    this.#units += code.length + map.mappings.length;
    for (const oldest of this.#cells.keys()) {
      if (this.#units <= mostUnits || oldest === name) break;
      this.#forget(oldest);
    }
  }

  #forget(name: string): void {
    const { code, mappings } = this.#cells.get(name) ?? { code: "", mappings: "" };
    this.#units -= code.length + mappings.length;
    this.#cells.delete(name);
    this.#read.delete(name);
  }

  #mapOf(name: string, { mappings }: KnownCell): SourceMap {
    const found = this.#read.get(name);
    if (found) return found;
    const rest = { version: 3, file: "", sources: [name], sourcesContent: [], names: [], sourceRoot: "" };
    const map = new SourceMap({ ...rest, mappings });
    this.#read.set(name, map);
    if (this.#read.size > mostMaps) this.#read.delete(this.#read.keys().next().value!);
    return map;
  }

  /** Remembers how a local module was compiled. */
  registerModule(path: string, map: SourceMapPayload): void {
    this.#modules.set(path, new SourceMap(map));
  }

  /** The place in its source of a place in a file that was compiled: a local module, or the library. */
  #inSource(written: string): string {
    const text = withoutVersion(written);
    const [found, , path, line, column] = fileFrame.exec(text) ?? [];
    if (found === undefined || path === undefined) return text;
    const own = this.#modules.get(path);
    if (!this.#maps.has(path)) this.#maps.set(path, mapBeside(path));
    const entry = (own ?? this.#maps.get(path))?.findEntry(Number(line) - 1, Number(column) - 1);
    if (!entry || !("originalLine" in entry)) return text;
    const { originalSource, originalLine, originalColumn } = entry;
    const source = own
      ? path
      : originalSource.startsWith("file:")
        ? fileURLToPath(originalSource)
        : resolve(dirname(path), originalSource);
    return text.replace(found, `${source}:${String(originalLine + 1)}:${String(originalColumn + 1)}`);
  }

  /** Where in the cell's TypeScript a place of its JavaScript comes from; undefined for what the compiler added. */
  original(name: string, { line, column }: Place): Place | undefined {
    const cell = this.#cells.get(name);
    if (!cell) return undefined;
    const before = line === 1 ? cell.columnsBefore : 0;
    const entry = this.#mapOf(name, cell).findEntry(line - 1, column - 1 - before);
    if (!("originalLine" in entry)) return undefined;
    return { line: entry.originalLine + 1, column: entry.originalColumn + 1 };
  }

  /** A frame with the line of the cell, local module or source that it comes from; undefined for one of code that TypeScript added to a cell. */
  rewrite(text: string): string | undefined {
    const [found, number, line, column] = frame.exec(text) ?? [];
    if (found === undefined) return this.#inSource(text);
    const name = cellName(Number(number));
    if (!this.#cells.has(name)) return text;
    const place = this.original(name, { line: Number(line), column: Number(column) });
    return place && text.replace(found, `${name}:${String(place.line)}:${String(place.column)}`);
  }

  /** Every stack that anybody reads has the lines that were written, none of the kernel's, and ends with the cell. */
  readonly #prepareStackTrace = (error: Error, frames: readonly NodeJS.CallSite[]): string =>
    library.during(() => {
      const all = frames.map((one) => `    at ${(one as unknown as { toString: () => string }).toString()}`);
      const shown = withEvalPlaces(all).filter((text) => !ownFrame.test(text));
      const end = shown.findLastIndex((text) => !isForeign(text)) + 1;
      return [headOf(error), ...shown.slice(0, end).flatMap((text) => this.rewrite(text) ?? [])].join("\n");
    });

  /** Has stacks written so, also when a cell has put a function of its own in the place of this one and takes it away, as one does in Node. */
  prepareStacks(): void {
    let prepare: unknown = this.#prepareStackTrace;
    Object.defineProperty(Error, "prepareStackTrace", {
      get: () => prepare,
      set: (own: unknown) => (prepare = typeof own === "function" ? own : this.#prepareStackTrace),
      configurable: true,
    });
  }

  /** The line of TypeScript that a rewritten trace's first frame in a cell points at, with the place in it. */
  pointedAt(trace: readonly string[]): (Place & { readonly text: string }) | undefined {
    for (const text of trace) {
      const [found, number, line, column] = frame.exec(text) ?? [];
      const cell = found === undefined ? undefined : this.#cells.get(cellName(Number(number)));
      const source = cell && linesOf(cell.code)[Number(line) - 1];
      if (source !== undefined) return { line: Number(line), column: Number(column), text: source };
    }
    return undefined;
  }
}
