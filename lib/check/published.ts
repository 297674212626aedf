// A graded property with public numbers: what the notebook checks is what the grader asks, with other inputs.
import { worked } from "./judge.js";
import type { Plain } from "./plain.js";
import type { CaseProperty, Example, PropertyBase } from "./question.js";

/** The seed of the checks in a notebook: everyone sees the same cases. */
export const publicSeed = 1;

/** One graded property, its public inputs, and what is right and what known mistakes give for each. It holds no rule. */
export interface PublishedProperty extends PropertyBase {
  /** An example without an input has that of `inputs`, in the same order. */
  readonly examples: readonly (Omit<Example, "input"> & { readonly input?: Plain })[];
}

/**
 * The properties that the notebook checks, from what `npm run exercises` wrote into `cases.ts`.
 *
 * @param inputs draws the inputs of properties whose inputs are too large to be written down, by the property's id
 *
 * @example
 * ```ts
 * const [property] = check.published([
 *   { id: "double", title: "doubles", points: 1, examples: [{ input: 3, right: 6 }] },
 * ]);
 * property.cases(1); // [3]
 * ```
 */
export function published(
  properties: readonly PublishedProperty[],
  inputs: Readonly<Record<string, CaseProperty["cases"]>> = {},
): readonly CaseProperty[] {
  return properties.map(({ examples, ...about }) => {
    const drawn = inputs[about.id]?.(publicSeed) ?? [];
    return {
      ...about,
      ...worked(examples.map((example, i) => ({ ...example, input: example.input ?? drawn[i] ?? null }))),
    };
  });
}
