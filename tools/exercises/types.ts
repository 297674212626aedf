// Type-checks answers against the snippets of their type properties, all in one program.
import { join } from "node:path";
import type { check } from "residual";
import { diagnose } from "./diagnose";
import { standsAlone, type Place } from "./run-answer";

/** One answer and one property of types. */
export interface TypeCase {
  /** Names it among the findings. */
  readonly key: string;
  readonly place: Place;
  readonly property: check.TypeProperty;
  /** The text of the answer's cell. */
  readonly source: string;
}

/** The findings of the cases that do not compile, by their keys. */
export function typeFindings(cases: readonly TypeCase[]): Map<string, check.Finding> {
  const places = cases.map(({ key, place, property, source }, index) => {
    const setup = standsAlone(source) ? "" : `${place.setup}\n`;
    return {
      key,
      path: join(place.folder, `types-${index}.ts`),
      text: `${setup}${source}\n${property.types}`,
      finding: property.otherwise,
    };
  });
  const diagnostics = diagnose(new Map(places.map(({ path, text }) => [path, text])));
  const findings = new Map<string, check.Finding>();
  for (const { key, path, finding } of places) {
    const problems = diagnostics.get(path)!;
    if (problems.length > 0) findings.set(key, { ...finding, detail: problems.join("\n") });
  }
  return findings;
}
