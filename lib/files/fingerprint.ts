// Fingerprints of numbers: equal for the same bits, and for nothing else that anybody will ever meet.

/** What a fingerprint is of. */
type Part = string | Float64Array | Float32Array | Int32Array | Uint8Array;

/**
 * SHA-256 over the parts and their places, in hexadecimal. Each part is digested by itself, so that large data can be given piece by piece.
 *
 * @throws Error in a page that was not loaded over https or from localhost, where browsers keep cryptography away.
 */
export async function fingerprint(parts: AsyncIterable<Part> | Iterable<Part>): Promise<string> {
  const digests: Uint8Array[] = [];
  for await (const part of parts) digests.push(await digest(part));
  const all = new Uint8Array(32 * digests.length);
  digests.forEach((one, i) => {
    all.set(one, 32 * i);
  });
  return sha256(all);
}

/** SHA-256 of a text's UTF-8 or of bytes, in hexadecimal, as `sha256sum` prints it. @throws Error as `fingerprint` does. */
export async function sha256(part: Part): Promise<string> {
  return Array.from(await digest(part), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function digest(part: Part): Promise<Uint8Array> {
  // Absent there, whatever its type says.
  const subtle = (globalThis as { readonly crypto?: typeof globalThis.crypto }).crypto?.subtle;
  if (!subtle)
    throw new Error("a fingerprint needs crypto.subtle, which browsers give to https and localhost only");
  const bytes =
    typeof part === "string"
      ? new TextEncoder().encode(part)
      : new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
  return new Uint8Array(await subtle.digest("SHA-256", Uint8Array.from(bytes)));
}
