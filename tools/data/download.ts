// Fetches one file whose size and SHA-256 are known: resumed after a cut, retried, verified, and only then given its name.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { basename, dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { get, otherWays } from "./http";
import { codeOf, megabytes, Problem } from "./problem";
import { fits, type Digest } from "./sources";

/** How a download is watched and bounded. */
export interface DownloadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told how many bytes are there, after each piece. */
  readonly onBytes?: (bytes: number) => void;
  /** Told of each failure that will be tried again, and when. */
  readonly onRetry?: (reason: string, waitMs: number) => void;
  /** Failures in a row, without a byte gained, before it gives up; default 6. */
  readonly attempts?: number;
  /** Wait before the second attempt, doubled each time up to 30 s; default 1000. */
  readonly retryMs?: number;
  /** Milliseconds without a byte after which a connection is given up; default 30,000. */
  readonly stallMs?: number;
}

/** An answer that may be different next time: a busy server, a body cut short. */
class Passing extends Error {}

/**
 * Fetches `url` to `path`.
 *
 * Bytes are gathered in `path.partial`; `path.partial.json` says which version of the file they belong to (its ETag, or
 * its date). An interrupted download goes on from there if the server still has that version and gives ranges, and
 * begins again otherwise. `path` appears only when size and hash are right.
 *
 * @throws Problem where it cannot be had; the partial file stays for another run, unless its bytes are wrong.
 */
export async function download(
  url: string,
  path: string,
  published: Digest,
  options: DownloadOptions = {},
): Promise<void> {
  const { signal, onRetry, attempts = 6, retryMs = 1000 } = options;
  let failures = 0;
  let before = await sizeOf(partialOf(path));
  let expected: Digest | undefined = published.atMost ? undefined : published;
  while (before !== expected?.bytes) {
    try {
      expected ??= { ...published, bytes: await offeredSize(url, published, options) };
      await fetchRest(url, path, expected, options);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof Problem) throw error;
      if (codeOf(error) === "ENOSPC")
        throw new Problem(
          `The disk is full: ${dirname(path)}`,
          "Free some space and run it again: it goes on from here.",
          {
            cause: error,
          },
        );
      const reason = error instanceof Error ? error.message : String(error);
      failures = (await sizeOf(partialOf(path))) > before ? 1 : failures + 1;
      if (failures >= attempts) {
        // Without its version, what is there could not be gone on with.
        if ((await readValidator(path, url)) === undefined) await forget(path);
        throw new Problem(
          `${url}: ${reason} (${attempts} attempts)`,
          `Run it again later: it goes on from here. ${otherWays}`,
          {
            cause: error,
          },
        );
      }
      const wait = Math.min(retryMs * 2 ** (failures - 1), 30_000);
      onRetry?.(reason, wait);
      await sleep(wait, undefined, signal && { signal });
    }
    before = await sizeOf(partialOf(path));
  }
  await verify(url, path, expected);
  await rename(partialOf(path), path);
  await rm(validatorOf(path), { force: true });
}

/**
 * How many bytes the server offers of a file of which only a bound is known.
 * @throws Problem where it does not say, or it is more than the bound.
 */
async function offeredSize(
  url: string,
  { bytes }: Digest,
  { signal, stallMs = 30_000 }: DownloadOptions,
): Promise<number> {
  const response = await get(url, { stallMs, signal });
  response.destroy();
  const { statusCode = 0, statusMessage = "", headers } = response;
  if (isPassing(statusCode)) throw new Passing(`the server answers ${statusCode} ${statusMessage}`);
  if (statusCode !== 200)
    throw new Problem(`${url}: the server answers ${statusCode} ${statusMessage}`, otherWays);
  const length = headers["content-length"];
  if (length === undefined || !/^[1-9]\d*$/.test(length) || Number(length) > bytes)
    throw new Problem(
      `${url}: the file must have at most ${bytes} bytes; the server offers ${length ?? "it without its length"}.`,
      otherWays,
    );
  return Number(length);
}

const isPassing = (status: number): boolean => status >= 500 || status === 429 || status === 408;

/** One request, from where the partial file ends or from the start. */
async function fetchRest(
  url: string,
  path: string,
  expected: Digest,
  { signal, onBytes, stallMs = 30_000 }: DownloadOptions,
): Promise<void> {
  const [size, validator] = [await sizeOf(partialOf(path)), await readValidator(path, url)];
  const from = size < expected.bytes && validator !== undefined ? size : 0;
  const headers: Record<string, string> = from > 0 ? { range: `bytes=${from}-`, "if-range": validator! } : {};
  const response = await get(url, { headers, stallMs, signal });
  try {
    const start = await startOf(response, url, path, from, expected);
    const file = await open(partialOf(path), "a");
    let there = start;
    try {
      for await (const chunk of response as AsyncIterable<Buffer>) {
        there += chunk.length;
        if (there > expected.bytes) {
          await forget(path);
          throw new Problem(`${url} sends more than the ${expected.bytes} bytes expected.`, otherWays);
        }
        await file.appendFile(chunk);
        onBytes?.(there);
      }
    } finally {
      await file.close();
    }
    if (there < expected.bytes)
      throw new Passing(`the answer ended at ${megabytes(there)} of ${megabytes(expected.bytes)}`);
  } finally {
    response.destroy();
  }
}

/** Judges the answer's head; gives the place where its body begins, with the partial file made ready for it. */
async function startOf(
  response: IncomingMessage,
  url: string,
  path: string,
  from: number,
  { bytes }: Digest,
): Promise<number> {
  const { statusCode = 0, statusMessage = "", headers } = response;
  const validator = strongValidator(headers);
  if (statusCode === 206 && from > 0) {
    const range = `bytes ${from}-${bytes - 1}/${bytes}`;
    if (headers["content-range"] === range) return from;
    await forget(path);
    throw new Passing(
      `asked for ${range}, the server gives ${headers["content-range"] ?? "no Content-Range"}`,
    );
  }
  if (statusCode === 416) {
    await forget(path);
    throw new Passing("the server no longer has the range asked for");
  }
  if (isPassing(statusCode)) throw new Passing(`the server answers ${statusCode} ${statusMessage}`);
  if (statusCode !== 200)
    throw new Problem(`${url}: the server answers ${statusCode} ${statusMessage}`, otherWays);

  const { "content-encoding": encoding = "identity", "content-length": length } = headers;
  if (encoding !== "identity")
    throw new Problem(
      `${url}: the bytes are wanted as they are; the server encodes them as ${encoding}.`,
      otherWays,
    );
  if (length !== undefined && Number(length) !== bytes)
    throw new Problem(`${url}: the file must have ${bytes} bytes; the server offers ${length}.`, otherWays);
  await forget(path);
  if (validator !== undefined) await writeFile(validatorOf(path), JSON.stringify({ url, validator }));
  return 0;
}

/** What `If-Range` may hold: a strong ETag, else the date. */
function strongValidator({ etag, "last-modified": date }: IncomingMessage["headers"]): string | undefined {
  return etag !== undefined && !etag.startsWith("W/") ? etag : date;
}

async function verify(url: string, path: string, expected: Digest): Promise<void> {
  const actual = await sha256Of(partialOf(path));
  const { bytes } = expected;
  if (fits(expected, bytes, actual)) {
    const file = await open(partialOf(path), "r+");
    await file.sync();
    await file.close();
    return;
  }
  await forget(path);
  throw new Problem(
    `${basename(path)} from ${url}: the ${bytes} bytes must have SHA-256 ${inWords(expected)}; got ${actual}. They are removed.`,
    `Run it again. If it repeats, a proxy or the server changes the file. ${otherWays}`,
  );
}

/** The hash as messages have it: `f37072fd...` where only the beginning is known. */
export function inWords({ sha256 }: Digest): string {
  return sha256.length < 64 ? `${sha256}...` : sha256;
}

/** SHA-256 of a file, in lower-case hexadecimal. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest("hex");
}

function partialOf(path: string): string {
  return `${path}.partial`;
}

function validatorOf(path: string): string {
  return `${path}.partial.json`;
}

async function forget(path: string): Promise<void> {
  await rm(partialOf(path), { force: true });
  await rm(validatorOf(path), { force: true });
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return 0;
    throw error;
  }
}

/** The validator kept for the partial file, if it came from this address. */
async function readValidator(path: string, url: string): Promise<string | undefined> {
  let text: string;
  try {
    text = await readFile(validatorOf(path), "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
  try {
    const kept = JSON.parse(text) as { url?: unknown; validator?: unknown };
    return kept.url === url && typeof kept.validator === "string" ? kept.validator : undefined;
  } catch {
    // Cut short by a crash: the download begins again.
    return undefined;
  }
}
