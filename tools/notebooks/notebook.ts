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

/** The notebook as Jupyter writes it, byte for byte, so that opening and saving one changes no file. */
export function formatNotebook(notebook: Notebook): string {
  return `${format(notebook, "")}\n`;
}

/** JSON as Python's `json` writes it with sorted keys and one space of indent; `undefined` fields are left out. */
function format(value: unknown, indent: string): string {
  if (typeof value === "number") return formatNumber(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${indent} `;
  const [open, close, parts] = Array.isArray(value)
    ? ["[", "]", value.map((one) => format(one, inner))]
    : ["{", "}", formatEntries(value, inner)];
  if (parts.length === 0) return open + close;
  return `${open}\n${parts.map((part) => inner + part).join(",\n")}\n${indent}${close}`;
}

function formatEntries(value: object, indent: string): string[] {
  return Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, inner]) => `${JSON.stringify(key)}: ${format(inner, indent)}`);
}

/** JavaScript writes 0.00003 and 3e-7 where Python writes 3e-05 and 3e-07; all other numbers look the same in both. */
function formatNumber(value: number): string {
  if (value === 0 || !(Math.abs(value) < 1e-4)) return JSON.stringify(value);
  return value.toExponential().replace(/e-(\d)$/, "e-0$1");
}
