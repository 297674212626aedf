// Whose row is whose in a table that another system exported: a score must reach its learner, or nobody.
import type { LearnerRecord } from "../record";

/** How one learner is looked for. */
export interface Sought {
  readonly text: string;
  /** Columns that may hold it, the most trusted first. */
  readonly columns: readonly number[];
}

/**
 * The learner of each row, by its number. A learner is found by the first column in which exactly one row holds what is sought, whatever
 * its case: where two people have one name, the name says nothing. A row that two learners claim goes to neither.
 */
export function matchRows(
  rows: readonly (readonly string[])[],
  records: readonly LearnerRecord[],
  sought: (learner: string) => Sought,
): { readonly of: ReadonlyMap<number, LearnerRecord>; readonly unknown: readonly string[] } {
  const claims = new Map<number, LearnerRecord[]>();
  for (const record of records) {
    const { text, columns } = sought(record.learner);
    for (const column of columns) {
      const found = rows.flatMap((row, index) => (inWords(row[column]) === inWords(text) ? [index] : []));
      if (found.length !== 1) continue;
      claims.set(found[0]!, [...(claims.get(found[0]!) ?? []), record]);
      break;
    }
  }
  const of = new Map(
    [...claims].flatMap(([row, [one, ...more]]) => (more.length === 0 ? [[row, one!] as const] : [])),
  );
  const known = new Set(of.values());
  return { of, unknown: records.filter((record) => !known.has(record)).map(({ learner }) => learner) };
}

/** A field in the form in which names are compared. */
function inWords(text: string | undefined): string {
  return (text ?? "").trim().toLowerCase();
}
