// Notebooks of a few cells, written for a test.
import { writeFileSync } from "node:fs";
import { formatNotebook, type Cell } from "../tools/notebooks/notebook";

/** A code cell without outputs. */
export function codeCell(source: string, id: string, metadata: Record<string, unknown> = {}): Cell {
  return { cell_type: "code", id, metadata, source, execution_count: null, outputs: [] };
}

/** Writes a notebook for the kernel that is named. */
export function writeNotebook(path: string, cells: readonly (string | Cell)[], kernel = "residual"): void {
  const metadata = {
    kernelspec: { name: kernel, display_name: kernel, language: "typescript" },
    language_info: { name: "typescript" },
  };
  const all = cells.map((cell, index) => (typeof cell === "string" ? codeCell(cell, `cell-${index}`) : cell));
  writeFileSync(path, formatNotebook({ nbformat: 4, nbformat_minor: 5, metadata, cells: all }));
}
