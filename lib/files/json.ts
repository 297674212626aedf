// Finds what JSON.parse hides: a key that an object holds twice.

/**
 * The first key that some object in a JSON text holds twice, or undefined. The text must be valid JSON.
 *
 * JSON.parse keeps the last of two equal keys in silence, so a file could show one reader one thing and the next another.
 */
export function duplicateKey(json: string): string | undefined {
  // A string, or one of the characters that open, close and separate; numbers and words in between carry no keys.
  const tokens = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g;
  const open: (Set<string> | undefined)[] = []; // the keys of each object around this place; undefined for an array
  let last = "";
  for (const [token] of json.matchAll(tokens)) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(undefined);
    else if (token === "}" || token === "]") open.pop();
    else if (token === ":") {
      const key = JSON.parse(last) as string; // unescaped: "\u0061" and "a" are one key
      const keys = open.at(-1);
      if (keys?.has(key)) return key;
      keys?.add(key);
    }
    last = token;
  }
  return undefined;
}
