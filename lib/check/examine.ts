// Runs an answer against a question's properties and reports what holds, in words.
import type { Plain } from "./plain.js";
import { publicSeed } from "./published.js";
import type { CaseProperty, Drive, Finding, Output, Property } from "./question.js";
import { show } from "./show.js";

/** How one property came out. */
export interface PropertyResult {
  readonly id: string;
  readonly title: string;
  readonly points: number;
  /** Absent where the property holds. */
  readonly finding?: Finding;
  /** The input that shows it; `null` where the answer is no function, and takes none. */
  readonly input?: Plain;
}

/** Some properties' results. As a cell's last expression it shows itself. */
export interface Report {
  readonly results: readonly PropertyResult[];
  /** Whether every property holds. */
  readonly passed: boolean;
  readonly message: string;
  /** The message. */
  toString(): string;
}

/** Calls an answer on a copy of one input, which it may change without harm to the judge. What the answer throws is its output. */
export async function outputOf(
  drive: Drive,
  names: Readonly<Record<string, unknown>>,
  input: Plain,
): Promise<Output> {
  try {
    return { value: await drive(names, structuredClone(input)) };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    return { error: { name, message } };
  }
}

/** Runs a property's cases in turn; the first finding ends it. @throws what the property's own code throws: a fault of the exercise */
export async function examine(
  property: CaseProperty,
  drive: Drive,
  names: Readonly<Record<string, unknown>>,
  seed: number,
): Promise<PropertyResult> {
  const { id, title, points } = property;
  for (const input of property.cases(seed)) {
    const finding = await property.judge(input, await outputOf(drive, names, structuredClone(input)));
    if (finding) return { id, title, points, finding, input };
  }
  return { id, title, points };
}

/**
 * A notebook's public check: runs the properties on an answer and says which holds, and for one that fails the input, what came and
 * what was expected. It never throws for a wrong answer, so that a notebook runs on.
 */
export async function run(
  properties: readonly Property[],
  drive: Drive,
  names: Readonly<Record<string, unknown>>,
): Promise<Report> {
  const results: PropertyResult[] = [];
  for (const property of properties) {
    // Types are the compiler's: the notebook has a cell for each, behind the check.
    if ("cases" in property) results.push(await examine(property, drive, names, publicSeed));
  }
  return report(results);
}

/** Puts results into words. */
export function report(results: readonly PropertyResult[]): Report {
  const failed = results.filter(({ finding }) => finding);
  const message = [
    ...results.flatMap(describe),
    failed.length === 0
      ? "All public checks pass. The grader asks the same with other numbers."
      : `${failed.length} of ${results.length} checks fail. Change the answer, run its cell, then run this one again.`,
  ].join("\n");
  return {
    results,
    passed: failed.length === 0,
    message,
    toString: () => message,
    // The kernel shows what this method gives.
    ...{ [Symbol.for("Jupyter.display")]: () => ({ "text/plain": message }) },
  };
}

function describe({ title, finding, input }: PropertyResult): string[] {
  if (!finding) return [`right   ${title}`];
  return [
    `wrong   ${title}`,
    `        ${finding.message} (${finding.mistake})`,
    ...(input === undefined || input === null ? [] : [`        input: ${show(input)}`]),
    ...(finding.detail === undefined ? [] : [`        ${finding.detail}`]),
  ];
}
