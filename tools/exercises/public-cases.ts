// Writes a question's public cases: inputs of the public seed, what is right for each, and what each named mistake gives.
import { check } from "residual";

const head =
  "// The public cases: numbers alone, no rule. Written by npm run exercises from what the grader asks; never by hand.";

/**
 * The text of `cases.ts`, or undefined where no property can be published.
 *
 * @param inputs draws the inputs that are not written down, by property
 */
export function publicCases(
  { properties }: check.Question,
  inputs: Readonly<Record<string, check.CaseProperty["cases"]>>,
): string | undefined {
  const rows = properties.flatMap((property) => {
    if ("types" in property || !property.publish) return [];
    const { id, title, points, publish } = property;
    const examples = property.cases(check.publicSeed).map((input) => {
      const { input: given, slips = [], ...known } = publish(input);
      const telling = slips.filter(({ gives }) => !check.agree(gives, known.right, 0));
      const example = { ...(id in inputs ? {} : { input: given }), ...known, slips: telling };
      // Where a number must be exact, all its digits count.
      return `      ${literal(known.within === 0 ? example : shortened(example, given))},`;
    });
    return [
      "  {",
      ...Object.entries({ id, title, points }).map(([key, value]) => `    ${key}: ${JSON.stringify(value)},`),
      "    examples: [",
      ...examples,
      "    ],",
      "  },",
    ];
  });
  if (rows.length === 0) return undefined;
  return [
    head,
    'import type { check } from "residual";',
    "",
    "/** By property. */",
    "export const cases: readonly check.PublishedProperty[] = [",
    ...rows,
    "];",
    "",
  ].join("\n");
}

/** Numbers cut to ten digits, far below what float32 tells apart; the input stays as it is, because what is right belongs to it. */
function shortened(value: unknown, input: unknown): unknown {
  if (value === input) return value;
  if (typeof value === "number") return Number.isInteger(value) ? value : Number(value.toPrecision(10));
  if (Array.isArray(value)) return value.map((item) => shortened(item, input));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shortened(inner, input)]));
}

/** Plain data as source text; JSON has no NaN and no infinity, and loses the sign of zero. */
function literal(value: unknown): string {
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return `{ ${entries.map(([key, inner]) => `${JSON.stringify(key)}: ${literal(inner)}`).join(", ")} }`;
}
