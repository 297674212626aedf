// What the doctor found out about one thing, and its line in the report.

/** One line of the report. */
export interface Finding {
  readonly name: string;
  readonly state: "ok" | "missing" | "optional";
  readonly text: string;
  readonly remedy?: string;
}

/** A finding as the report shows it. */
export function findingLine(finding: Finding): string {
  const { name, state, text, remedy } = finding;
  const mark = { ok: "ok      ", missing: "MISSING ", optional: "-       " }[state];
  return `${mark}${name.padEnd(20)} ${text}${remedy === undefined ? "" : `\n${" ".repeat(29)}${remedy}`}`;
}
