// Compares each written notebook with its source, without running anything.
import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { kernelMetadata } from "./normalise";
import { joined, parseNotebook, type Cell, type Notebook } from "./notebook";
import { isPrediction, withPredictions } from "./predictions";
import { runPython } from "./runner";
import { cellLines, type NotebookPaths } from "./source";

/** The notebooks that the sources stand for, by source path. @throws Error with Python's report when one cannot be read. */
export async function convert(python: string, sources: readonly string[]): Promise<Map<string, Notebook>> {
  const notebooks = new Map<string, Notebook>();
  if (sources.length === 0) return notebooks;
  const { status, stderr } = await runPython(["convert", ...sources], {
    python,
    onEvent: (event) => {
      if (event.event === "notebook") notebooks.set(event.path, event.notebook);
    },
  });
  if (status !== 0) throw new Error(`the sources could not be converted (exit ${status}):\n${stderr}`);
  return notebooks;
}

/** Why each stale notebook is stale, one line each; empty when every written notebook holds its source. */
export async function staleNotebooks(python: string, notebooks: readonly NotebookPaths[]): Promise<string[]> {
  const converted = await convert(
    python,
    notebooks.map((paths) => paths.source),
  );
  return notebooks.flatMap((paths) => {
    const reason = staleReason(paths, converted.get(paths.source)!);
    return reason === null
      ? []
      : [
          `${basename(paths.output)} is stale: ${reason}; run: npm run notebooks -- ${paths.name.slice(0, 2)}`,
        ];
  });
}

function staleReason(paths: NotebookPaths, fromSource: Notebook): string | null {
  if (!existsSync(paths.output)) return "it was never written";
  const markers = cellLines(readFileSync(paths.source, "utf8"), basename(paths.source));
  const written = parseNotebook(readFileSync(paths.output, "utf8"), paths.output);
  if (!isDeepStrictEqual(written.metadata, kernelMetadata)) {
    return "its metadata are not those that the kernel gives, so opening it would change it (--prose is enough)";
  }
  const wanted = withPredictions(fromSource.cells);
  const count = Math.max(wanted.length, written.cells.length);
  let inSource = -1;
  for (let index = 0; index < count; index++) {
    const expected = wanted[index];
    const found = written.cells[index];
    if (!expected) return `it has ${written.cells.length} cells, the source ${wanted.length}`;
    if (!isPrediction(expected)) inSource++;
    if (!found || !sameCell(expected, found)) {
      return `cell ${index + 1} (${basename(paths.source)}:${markers[inSource] ?? "?"}) differs from the source`;
    }
  }
  return null;
}

function sameCell(a: Cell, b: Cell): boolean {
  const tags = (cell: Cell): string => JSON.stringify(cell.metadata["tags"] ?? []);
  return a.cell_type === b.cell_type && joined(a.source) === joined(b.source) && tags(a) === tags(b);
}
