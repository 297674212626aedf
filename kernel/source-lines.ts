// Leads a stack trace from the JavaScript that ran back to the TypeScript that was written in a cell.
import { existsSync, readFileSync } from "node:fs";
import { SourceMap, type SourceMapPayload } from "node:module";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** A place in a cell, both counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A cell's compiled text, and the maps from it to its TypeScript, the last step of compilation first. */
export interface CompiledText {
  readonly maps: readonly SourceMapPayload[];
  /** Lines of the compiled text; what runs below them only calls the cell. */
  readonly lineCount: number;
  /** UTF-16 units that stand before the compiled text's first line when it runs. */
  readonly columnsBefore: number;
  /** Lines that the compiler puts before the cell's own. */
  readonly linesBefore: number;
  /** The cell as it was written. */
  readonly code: string;
}

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

/** The places of all cells that ran. */
export class SourceLines {
  readonly #modules = new Map<string, SourceMap>();
  readonly #maps = new Map<string, SourceMap | undefined>();
  readonly #cells = new Map<string, CompiledText & { readonly steps: readonly SourceMap[] }>();

  /** Remembers how a cell was compiled; running a cell of the same name again replaces it. */
  register(name: string, compiled: CompiledText): void {
    this.#cells.set(name, { ...compiled, steps: compiled.maps.map((map) => new SourceMap(map)) });
  }

  /** Remembers how a local module was compiled. */
  registerModule(path: string, map: SourceMapPayload): void {
    this.#modules.set(path, new SourceMap(map));
  }

  /** The place in its source of a place in a file that was compiled: a local module, or the library. */
  #inSource(text: string): string {
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
    if (!cell || line > cell.lineCount) return undefined;
    let at = { line: line - 1, column: column - 1 - (line === 1 ? cell.columnsBefore : 0) };
    for (const step of cell.steps) {
      const entry = step.findEntry(at.line, at.column);
      if (!("originalLine" in entry)) return undefined;
      at = { line: entry.originalLine, column: entry.originalColumn };
    }
    const own = at.line - cell.linesBefore;
    return own >= 0 && own < cell.code.split("\n").length
      ? { line: own + 1, column: at.column + 1 }
      : undefined;
  }

  /**
   * A stack trace with the cells' own lines and columns. Frames in a cell that stand for nothing written there (the call that
   * starts it) are left out.
   */
  rewrite(trace: readonly string[]): string[] {
    return trace.flatMap((text) => {
      const [found, number, line, column] = frame.exec(text) ?? [];
      if (found === undefined) return [this.#inSource(text)];
      const name = cellName(Number(number));
      if (!this.#cells.has(name)) return [text];
      const place = this.original(name, { line: Number(line), column: Number(column) });
      return place ? [text.replace(found, `${name}:${String(place.line)}:${String(place.column)}`)] : [];
    });
  }

  /** The line of TypeScript that a rewritten trace's first frame in a cell points at, with the place in it. */
  pointedAt(trace: readonly string[]): (Place & { readonly text: string }) | undefined {
    for (const text of trace) {
      const [found, number, line, column] = frame.exec(text) ?? [];
      const cell = found === undefined ? undefined : this.#cells.get(cellName(Number(number)));
      const source = cell?.code.split("\n")[Number(line) - 1];
      if (source !== undefined) return { line: Number(line), column: Number(column), text: source };
    }
    return undefined;
  }
}
