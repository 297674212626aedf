// JSON that reads back equal: NaN, the infinities and -0 are written too, where JSON.stringify makes null of three and 0 of the last.

const numberKey = "$number";

/** Numbers that JSON has no form for, by how they are written. */
const odd: readonly number[] = [NaN, Infinity, -Infinity, -0];
const written = (value: number): string => (Object.is(value, -0) ? "-0" : String(value));

/**
 * A value as JSON text, in which such a number is `{ "$number": "NaN" }`. A key of the caller's that begins with `$` gets another one in
 * front, so that every value has one reading. What is undefined is left out, as JSON.stringify does.
 */
export function stringifyExactly(value: unknown): string {
  return JSON.stringify(encoded(value));
}

/**
 * The value of a text that `stringifyExactly` wrote.
 * @throws SyntaxError if it is no such text.
 */
export function parseExactly(text: string): unknown {
  return decoded(JSON.parse(text) as unknown);
}

function encoded(value: unknown): unknown {
  if (typeof value === "number" && odd.some((one) => Object.is(one, value)))
    return { [numberKey]: written(value) };
  if (Array.isArray(value)) return value.map(encoded);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.startsWith("$") ? `$${key}` : key, encoded(inner)]),
  );
}

function decoded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decoded);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  if (entries.length === 1 && entries[0]![0] === numberKey) {
    const number = odd.find((one) => written(one) === entries[0]![1]);
    if (number === undefined) throw new SyntaxError(`${numberKey} must be NaN, Infinity, -Infinity or -0`);
    return number;
  }
  return Object.fromEntries(
    entries.map(([key, inner]) => [key.startsWith("$") ? key.slice(1) : key, decoded(inner)]),
  );
}
