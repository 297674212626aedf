// Reads and writes CSV: quoted as spreadsheets expect, and with formulas made harmless.
import { parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import { UserError } from "../../notebooks/user-error";

/** The rows as CSV. A field that a spreadsheet would run as a formula gets an apostrophe before it. */
export function formatCsv(rows: readonly (readonly string[])[]): string {
  return stringify(rows as string[][], { escape_formulas: true, record_delimiter: "\r\n" });
}

/**
 * A table that another system exported, with numbers and texts of ours in it: what was there goes back as it came, a `-` for *never* among
 * it. So nothing is escaped, and a text of ours has to begin with words of ours.
 */
export function formatFilled(rows: readonly (readonly string[])[]): string {
  return stringify(rows as string[][], { record_delimiter: "\r\n" });
}

/** The rows of a CSV file, with a comma or a semicolon between fields. @throws UserError when it is none. */
export function parseCsv(text: string, what: string): string[][] {
  const first = text.slice(0, text.indexOf("\n") + 1 || text.length);
  const delimiter = first.split(";").length > first.split(",").length ? ";" : ",";
  try {
    return parse(text, { bom: true, delimiter, relax_column_count: true, skip_empty_lines: true });
  } catch (error) {
    throw new UserError(`${what} must be a CSV file: ${(error as Error).message}`);
  }
}
