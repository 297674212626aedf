// Runs an answer against a question's properties and reports what holds, in words.
import { jupyterDisplay, type Displayable } from "../display/display.js";
import type { Plain } from "./plain.js";
import { withBoundedPrints } from "./printed.js";
import { publicSeed } from "./published.js";
import type { CaseProperty, Drive, Output, Property } from "./question.js";
import { verdict, type CheckLinks, type PropertyResult, type Summary } from "./verdict.js";
import { onlyKnown } from "../options.js";

/** Some properties' results. As a cell's last expression it shows itself. */
export interface Report {
  readonly results: readonly PropertyResult[];
  /** Whether every property holds. */
  readonly passed: boolean;
  readonly message: string;
  /** The message. */
  toString(): string;
}

/**
 * Calls an answer on a copy of one input, which it may change without harm to the judge. What the answer throws is its output.
 *
 * @example
 * ```ts
 * const drive = ({ double }, input) => double(input);
 * await check.outputOf(drive, { double: (x) => 2 * x }, 3); // { value: 6 }
 * ```
 */
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

/**
 * Runs a property's cases in turn; the first finding ends it. @throws what the property's own code throws: a fault of the exercise
 *
 * @example
 * ```ts
 * const property = { id: "double", title: "doubles", points: 1, ...check.worked([{ input: 3, right: 6 }]) };
 * const { finding } = await check.examine(
 *   property,
 *   ({ double }, input) => double(input),
 *   { double: (x) => 2 * x },
 *   1,
 * );
 * finding; // undefined
 * ```
 */
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
 * what was expected. It never throws for a wrong answer, so that a notebook runs on. Of much that the answer prints it shows the beginning
 * and the end.
 *
 * @param links where the verdict sends its reader: to the passage where something fails, on to the next exercise where nothing does
 *
 * @example
 * ```ts
 * const property = { id: "double", title: "doubles", points: 1, ...check.worked([{ input: 3, right: 6 }]) };
 * const drive = ({ double }, input) => double(input);
 * (await check.run([property], drive, { double: (x) => 2 * x })).passed; // true
 * (await check.run([property], drive, { double: (x) => x + 1 })).passed; // false
 * ```
 */
export async function run(
  properties: readonly Property[],
  drive: Drive,
  names: Readonly<Record<string, unknown>>,
  links: CheckLinks = {},
): Promise<Report> {
  onlyKnown("run", links, ["read", "next"]);
  const results = await withBoundedPrints(async () => {
    const found: PropertyResult[] = [];
    for (const property of properties) {
      // Types are the compiler's: the notebook has a cell for each, behind the check.
      if ("cases" in property) found.push(await examine(property, drive, names, publicSeed));
    }
    return found;
  });
  return report(results, links);
}

/**
 * Puts results into words, and into HTML that a notebook shows in their place.
 *
 * @example
 * ```ts
 * check.report([{ id: "double", title: "doubles", points: 1 }]).passed; // true
 * ```
 */
export function report(results: readonly PropertyResult[], links: CheckLinks = {}): Report {
  onlyKnown("report", links, ["read", "next"]);
  return reported(results, verdict(results, links));
}

/** The same with a last line of its own, for what is no exercise. */
export function reportWith(results: readonly PropertyResult[], summary: Summary): Report & Displayable {
  return reported(results, verdict(results, {}, summary));
}

function reported(
  results: readonly PropertyResult[],
  { text, html }: { readonly text: string; readonly html: string },
): Report & Displayable {
  return {
    results,
    passed: results.every(({ finding }) => !finding),
    message: text,
    toString: () => text,
    [jupyterDisplay]: () => ({ "text/plain": text, "text/html": html }),
  };
}
