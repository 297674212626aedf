// JSON with one text for each value, so that a hash of the text is a hash of the value (RFC 8785: keys sorted, nothing between them).

/**
 * A plain value as canonical JSON. JavaScript writes numbers and strings as RFC 8785 asks; what is undefined is left out.
 * @throws TypeError where it holds what JSON has no form for: it would be written as another value.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === "number" && !Number.isFinite(value))
    throw new TypeError(`canonical JSON holds finite numbers; got ${value}`);
  if (value === null || ["number", "string", "boolean"].includes(typeof value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object")
    throw new TypeError(`canonical JSON holds plain values; got a ${typeof value}`);
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`).join(",")}}`;
}

/** An object's text with a field a line, each canonical, in the order in which they are there: the same for whoever writes the object again. */
export function canonicalLines(object: object): string {
  const lines = Object.entries(object).map(
    ([key, value]) => `${JSON.stringify(key)}: ${canonicalJson(value)}`,
  );
  return `{\n${lines.join(",\n")}\n}\n`;
}
