// Quotes what came from a file in an error message.

/** Something from a file, on one line and of bounded length. */
export function quote(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
