// Where data sets lie, for a browser: under an address, by default `datasets` beside the page.

/** The addresses to look under: the given one, or `datasets` beside the page. */
export function datasetRoots(root = "datasets"): readonly string[] {
  return [root];
}

/**
 * The whole file, or undefined where the server has none.
 * @throws Error where the server answers with anything but the file or "not found".
 */
export async function readIfThere(address: string): Promise<Uint8Array | undefined> {
  const response = await fetch(address);
  if (response.status === 404) return undefined;
  if (!response.ok)
    throw new Error(`${address}: the server answers ${response.status} ${response.statusText}`);
  return new Uint8Array(await response.arrayBuffer());
}

/**
 * Unpacks gzip, never to more than `limit` bytes.
 * @throws Error where the data is damaged, cut short, or larger.
 */
export async function unpackGzip(bytes: Uint8Array, limit: number): Promise<Uint8Array> {
  const stream = new Blob([bytes.slice()]).stream().pipeThrough(new DecompressionStream("gzip"));
  const reader = (stream as ReadableStream<Uint8Array>).getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > limit) {
      await reader.cancel();
      throw new Error(`unpacks to more than ${limit} bytes`);
    }
    parts.push(value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
