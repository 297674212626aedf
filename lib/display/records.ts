// An array of records as a table, where it is one: what a notebook shows of rows of results.
import { table, type Table, type TableRow } from "./table.js";

/** The widest table that still reads as one. */
const mostColumns = 20;
/** The columns are the fields of the first so many records. */
const sampled = 100;
/** Longer texts are cut. */
const longestText = 120;

/**
 * The table of an array of plain objects whose fields are numbers, texts, booleans, dates or nothing. Undefined for anything else: it
 * shows better as it is. Rows beyond the table's bound and columns beyond the 20th are counted, not shown.
 *
 * @example
 * ```ts
 * plot.recordsTable([{ depth: 20, error: 8.125 }]).text.split("\n").at(-1).trim(); // "20  8.125"
 * plot.recordsTable([20, 8.75]); // undefined
 * ```
 */
export function recordsTable(value: unknown): Table | undefined {
  if (!Array.isArray(value) || value.length === 0 || !value.every(isRecord)) return undefined;
  const keys = [...new Set(value.slice(0, sampled).flatMap((record) => Object.keys(record)))];
  if (keys.length === 0) return undefined;
  const shown = keys.slice(0, mostColumns);
  const rest = keys.length - shown.length;
  const rows = value.map((record): TableRow =>
    Object.fromEntries(shown.map((key) => [key, cell(record[key])])),
  );
  const columns = [...shown, ...(rest > 0 ? [{ key: "…", title: `… ${rest} more` }] : [])];
  return table(rest > 0 ? rows.map((row) => ({ ...row, "…": "" })) : rows, { columns });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) return false;
  return Object.getOwnPropertySymbols(value).length === 0 && Object.values(value).every(isCell);
}

function isCell(value: unknown): boolean {
  return (
    value === null ||
    value === undefined ||
    ["string", "number", "boolean", "bigint"].includes(typeof value) ||
    value instanceof Date
  );
}

function cell(value: unknown): TableRow[string] {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  if (typeof value === "bigint") return String(value);
  if (typeof value === "string" && value.length > longestText) return `${value.slice(0, longestText - 1)}…`;
  return value as TableRow[string];
}
