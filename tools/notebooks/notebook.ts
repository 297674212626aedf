// The notebook format (nbformat 4.5) to the extent that the tools read and write it.
import { UserError } from "./user-error";

/** A piece of text, whole or as the lines that files on disk hold. */
export type Multiline = string | string[];

/** One output of a code cell. */
export interface Output {
  output_type: "stream" | "display_data" | "execute_result" | "error";
  name?: string;
  text?: Multiline;
  data?: Record<string, unknown>;
  metadata?: Record<string, unknown>;
  execution_count?: number | null;
  ename?: string;
  evalue?: string;
  traceback?: string[];
}

/** One cell; `outputs` and `execution_count` belong to code cells. */
export interface Cell {
  id: string;
  cell_type: "code" | "markdown" | "raw";
  metadata: Record<string, unknown>;
  source: Multiline;
  execution_count?: number | null;
  outputs?: Output[];
}

/** A whole notebook. */
export interface Notebook {
  nbformat: number;
  nbformat_minor: number;
  metadata: Record<string, unknown>;
  cells: Cell[];
}

/** The text as one string. */
export function joined(text: Multiline): string {
  return typeof text === "string" ? text : text.join("");
}

/** The text as the format keeps it on disk: lines with their ends, so that a difference shows by line. */
export function lines(text: Multiline): string[] {
  return joined(text).match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Reads a notebook file's text. @throws UserError when it is not a notebook of format 4. */
export function parseNotebook(text: string, path: string): Notebook {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UserError(`${path} must be JSON: ${(error as Error).message}`);
  }
  const notebook = value as Partial<Notebook> | null;
  if (typeof notebook !== "object" || notebook?.nbformat !== 4 || !Array.isArray(notebook.cells)) {
    throw new UserError(`${path} must be a notebook of format 4; got ${text.slice(0, 40)}`);
  }
  return notebook as Notebook;
}

/** The notebook as Jupyter writes it: keys sorted, one space of indent, a line end at the end. */
export function formatNotebook(notebook: Notebook): string {
  return `${JSON.stringify(sortKeys(notebook), null, 1)}\n`;
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]));
}
