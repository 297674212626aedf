// A table of results: aligned text, and escaped HTML.
import { jupyterDisplay, type Displayable } from "./display.js";
import { escapeHtml } from "./html.js";
import { columnFormat, formatNumber } from "./numbers.js";
import { onlyKnown } from "../options.js";
import { highest } from "../numeric.js";

/** What a cell of a table holds; null and undefined show as a dash. */
export type TableValue = string | number | boolean | null | undefined;

/** One row: values by column. */
export type TableRow = Readonly<Record<string, TableValue>>;

/** One column. */
export interface TableColumn {
  /** The rows' field. */
  readonly key: string;
  /** The heading; by default the key. */
  readonly title?: string;
  /** How its numbers are written; by default with the same decimals, enough for four digits of the largest. */
  readonly format?: (value: number) => string;
}

/** Options for {@link table}. */
export interface TableOptions {
  readonly title?: string;
  /** The columns and their order; by default every field of the first row. */
  readonly columns?: readonly (string | TableColumn)[];
  /** Further rows are counted below the table and not shown; 100 by default. */
  readonly maxRows?: number;
}

/** A table that shows itself. */
export interface Table extends Displayable {
  readonly text: string;
  readonly html: string;
}

const missing = "–";

/** A column's heading, its cells as text, and the side on which they stand. */
interface Column {
  readonly title: string;
  readonly cells: readonly string[];
  readonly side: "left" | "right";
}

function column({ key, title = key, format }: TableColumn, rows: readonly TableRow[]): Column {
  const values = rows.map((row) => row[key]);
  const numbers = values.filter((value) => typeof value === "number");
  const asText = format ?? columnFormat(numbers);
  const cells = values.map((value) =>
    typeof value === "number"
      ? asText(value)
      : value === null || value === undefined
        ? missing
        : String(value),
  );
  const isNumeric =
    numbers.length > 0 && values.every((value) => typeof value !== "string" && typeof value !== "boolean");
  return { title, cells, side: isNumeric ? "right" : "left" };
}

/** Characters as a terminal counts them, without splitting surrogate pairs. */
const lengthOf = (text: string): number => Array.from(text).length;

function pad(text: string, width: number, side: "left" | "right"): string {
  const space = " ".repeat(width - lengthOf(text));
  return side === "right" ? space + text : text + space;
}

/** What stands around the cells. */
interface Frame {
  readonly title: string | undefined;
  /** A line below the last row; undefined where all rows are shown. */
  readonly more: string | undefined;
}

function toText(columns: readonly Column[], count: number, { title, more }: Frame): string {
  const widths = columns.map(({ title: heading, cells }) => highest([heading, ...cells].map(lengthOf)));
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ side }, c) => pad(cells[c]!, widths[c]!, side))
      .join("  ")
      .trimEnd();
  const rows = Array.from({ length: count }, (_, r) => line(columns.map(({ cells }) => cells[r]!)));
  const rule = widths.map((width) => "─".repeat(width)).join("  ");
  return [
    ...(title === undefined ? [] : [title]),
    line(columns.map(({ title: heading }) => heading)),
    rule,
    ...rows,
    ...(more === undefined ? [] : [more]),
  ].join("\n");
}

function toHtml(columns: readonly Column[], count: number, { title, more }: Frame): string {
  const cell = (name: "th" | "td", text: string, { side }: Column): string =>
    `<${name}${name === "th" ? ' scope="col"' : ""} style="text-align:${side}">${escapeHtml(text)}</${name}>`;
  const row = (cells: readonly string[]): string => `<tr>${cells.join("")}</tr>`;
  const caption =
    title === undefined ? "" : `<caption style="text-align:left">${escapeHtml(title)}</caption>`;
  const head = row(columns.map((one) => cell("th", one.title, one)));
  const body = Array.from({ length: count }, (_, r) =>
    row(columns.map((one) => cell("td", one.cells[r]!, one))),
  );
  const foot =
    more === undefined
      ? ""
      : `<tfoot><tr><td colspan="${String(columns.length)}" style="text-align:left">${more}</td></tr></tfoot>`;
  return `<table>${caption}<thead>${head}</thead><tbody>${body.join("")}</tbody>${foot}</table>`;
}

/**
 * Rows of values by name, as a table.
 *
 * @throws RangeError if there are no rows and no columns, if a column is in no row, or if maxRows is no whole number of at least 1.
 *
 * @example
 * ```ts
 * plot.table([{ depth: 20, error: 8.75 }]).text.split("\n").length; // 3
 * ```
 */
export function table(rows: readonly TableRow[], options: TableOptions = {}): Table {
  onlyKnown("table", options, ["title", "columns", "maxRows"]);
  const wanted = options.columns ?? Object.keys(rows[0] ?? {});
  if (wanted.length === 0) throw new RangeError("a table needs a row, or the option columns; got neither");
  const { maxRows = 100 } = options;
  if (!Number.isInteger(maxRows) || maxRows < 1)
    throw new RangeError(`maxRows must be a whole number of at least 1; got ${String(maxRows)}`);
  const shown = rows.slice(0, maxRows);
  const columns = wanted.map((one) => {
    const named = typeof one === "string" ? { key: one } : one;
    onlyKnown("a column of a table", named, ["key", "title", "format"], ["key"]);
    if (rows.length > 0 && !rows.some((row) => named.key in row))
      throw new RangeError(
        `a table's columns are fields of its rows; got "${named.key}" (there are: ${Object.keys(rows[0]!).join(", ")})`,
      );
    return column(named, shown);
  });
  const left = rows.length - shown.length;
  const frame = { title: options.title, more: left > 0 ? `… ${formatNumber(left)} more rows` : undefined };
  const text = toText(columns, shown.length, frame);
  const html = toHtml(columns, shown.length, frame);
  return { text, html, [jupyterDisplay]: () => ({ "text/plain": text, "text/html": html }) };
}
