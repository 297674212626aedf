// Type-checks answers against the snippets of their type properties, all in one program.
import { join } from "node:path";
import type { check } from "residual";
import { setupOf, standsAlone } from "./answers";
import { diagnose } from "./diagnose";

/** One answer and one property of types. */
export interface TypeCase {
  readonly slug: string;
  readonly answer: string;
  readonly property: check.TypeProperty;
  /** The text of the answer's cell. */
  readonly source: string;
}

/** The findings of the cases that do not compile, by `slug/answer/property`. */
export function typeFindings(root: string, cases: readonly TypeCase[]): Map<string, check.Finding> {
  const places = cases.map(({ slug, answer, property, source }, index) => {
    const setup = standsAlone(source) ? "" : `${setupOf(root, slug)}\n`;
    return {
      key: `${slug}/${answer}/${property.id}`,
      path: join(root, "solutions", slug, `types-${index}.ts`),
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
