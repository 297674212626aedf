// The download against a server that misbehaves in every way a network does.
import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { download, type DownloadOptions } from "./download";
import { giveBytes, serve, type Answer, type FaultServer } from "./fault-server";
import { redirected } from "./http";
import type { Digest } from "./sources";

const bytes = randomBytes(200_000);
const expected: Digest = { bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };

let folder: string;
let server: FaultServer;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "residual-download-"));
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

/** Downloads from a server that answers so, with quick retries. */
async function run(answer: Answer, options: DownloadOptions = {}, digest = expected): Promise<void> {
  server = await serve(answer);
  await again(options, digest);
}

/** Downloads once more from the same server. */
async function again(options: DownloadOptions = {}, digest = expected): Promise<void> {
  await download(`${server.url}file.gz`, join(folder, "file.gz"), digest, {
    attempts: 3,
    retryMs: 1,
    stallMs: 10_000,
    ...options,
  });
}

async function expectWhole(): Promise<void> {
  expect(await readdir(folder)).toEqual(["file.gz"]);
  expect((await readFile(join(folder, "file.gz"))).equals(bytes)).toBe(true);
}

describe("download()", () => {
  test("download() fetches the file, and tells how it goes", async () => {
    const told: number[] = [];
    await run(
      (request, response) => {
        giveBytes(request, response, bytes);
      },
      {
        onBytes: (there) => told.push(there),
      },
    );
    await expectWhole();
    expect(told.at(-1)).toBe(bytes.length);
    expect(told).toEqual([...told].sort((a, b) => a - b));
  });

  test("download() goes on after cuts, from where it was", async () => {
    const reasons: string[] = [];
    await run(
      (request, response, count) => {
        giveBytes(request, response, bytes, count < 3 ? { cutAfter: 50_000 } : {});
      },
      { onRetry: (reason) => reasons.push(reason) },
    );
    await expectWhole();
    expect(reasons).toHaveLength(3);
    const starts = server.requests.slice(1).map(({ range }) => Number(/^bytes=(\d+)-$/.exec(range!)![1]));
    expect(starts).toHaveLength(3);
    expect(starts[0]).toBeGreaterThan(0);
    expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b));
    expect(server.requests.slice(1).map(({ ifRange }) => ifRange)).toEqual(['"one"', '"one"', '"one"']);
  });

  test("download() gives up after failures in a row, keeps what is there, and goes on in the next run", async () => {
    const answer: Answer = (request, response, count) => {
      if (count === 0) giveBytes(request, response, bytes, { cutAfter: 70_000 });
      else if (count < 3) giveBytes(request, response, bytes, { cutAfter: 0 });
      else giveBytes(request, response, bytes);
    };
    await expect(run(answer)).rejects.toThrow(/\(3 attempts\)/);
    expect((await readdir(folder)).sort()).toEqual(["file.gz.partial", "file.gz.partial.json"]);
    const { size } = await stat(join(folder, "file.gz.partial"));
    expect(size).toBeGreaterThan(0);
    await again();
    await expectWhole();
    expect(server.requests.at(-1)?.range).toBe(`bytes=${size}-`);
  });

  test("download() begins again where the file on the server has changed", async () => {
    const old = randomBytes(200_000);
    await run((request, response, count) => {
      if (count === 0) giveBytes(request, response, old, { etag: '"old"', cutAfter: 90_000 });
      else giveBytes(request, response, bytes, { etag: '"new"' });
    });
    await expectWhole();
    expect(server.requests[1]?.range).toMatch(/^bytes=\d+-$/);
    expect(server.requests[1]?.ifRange).toBe('"old"');
  });

  test("download() begins again where the server ignores ranges", async () => {
    await run((request, response, count) => {
      giveBytes(request, response, bytes, count === 0 ? { cutAfter: 90_000 } : { ignoreRange: true });
    });
    await expectWhole();
  });

  test("download() begins again where the server has neither ETag nor date", async () => {
    await run((_, response, count) => {
      response.writeHead(200, { "content-length": String(bytes.length) });
      if (count > 0) response.end(bytes);
      else response.write(bytes.subarray(0, 90_000), () => setTimeout(() => response.destroy(), 20));
    });
    await expectWhole();
    expect(server.requests).toEqual([{ path: "/file.gz" }, { path: "/file.gz" }]);
  });

  test("download() begins again where the range is not the one asked for", async () => {
    await run((request, response, count) => {
      if (count === 0) giveBytes(request, response, bytes, { cutAfter: 90_000 });
      else if (count === 1) {
        response.writeHead(206, {
          etag: '"one"',
          "content-range": `bytes 0-${bytes.length - 1}/${bytes.length}`,
        });
        response.end(bytes);
      } else giveBytes(request, response, bytes);
    });
    await expectWhole();
  });

  test("download() begins again where the server refuses the range (416)", async () => {
    await run((request, response, count) => {
      if (count === 1) response.writeHead(416).end();
      else giveBytes(request, response, bytes, count === 0 ? { cutAfter: 90_000 } : {});
    });
    await expectWhole();
  });

  test("download() does not add to what another address gave", async () => {
    await writeFile(join(folder, "file.gz.partial"), randomBytes(1000));
    await writeFile(
      join(folder, "file.gz.partial.json"),
      JSON.stringify({ url: "http://elsewhere/file.gz", validator: '"one"' }),
    );
    await run((request, response) => {
      giveBytes(request, response, bytes);
    });
    await expectWhole();
    expect(server.requests).toEqual([{ path: "/file.gz" }]);
  });

  test("download() tries again after 500, 503 and 429", async () => {
    const codes = [500, 503, 429];
    await run(
      (request, response, count) => {
        if (count < 3) response.writeHead(codes[count]!).end("busy");
        else giveBytes(request, response, bytes);
      },
      { attempts: 4 },
    );
    await expectWhole();
  });

  test("download() leaves a connection that stalls, and goes on", async () => {
    const reasons: string[] = [];
    await run(
      (request, response, count) => {
        giveBytes(request, response, bytes, count === 0 ? { stallAfter: 60_000 } : {});
      },
      { stallMs: 400, onRetry: (reason) => reasons.push(reason) },
    );
    await expectWhole();
    expect(reasons[0]).toBe("no byte for 0.4 s");
    expect(server.requests[1]?.range).toBe("bytes=60000-");
  });

  test("download() leaves a server that never answers", async () => {
    await run(
      (request, response, count) => {
        if (count > 0) giveBytes(request, response, bytes);
      },
      { stallMs: 400 },
    );
    await expectWhole();
  });

  test("download() waits for a server that is slow but steady", async () => {
    await run(
      (_, response) => {
        response.writeHead(200, { "content-length": String(bytes.length) });
        let at = 0;
        const timer = setInterval(() => {
          response.write(bytes.subarray(at, at + 20_000));
          at += 20_000;
          if (at >= bytes.length) {
            clearInterval(timer);
            response.end();
          }
        }, 150);
      },
      // The whole takes longer than this; no single gap does.
      { stallMs: 1200 },
    );
    await expectWhole();
    expect(server.requests).toHaveLength(1);
  });

  test("download() stops on the signal, keeps what is there, and goes on in the next run", async () => {
    const stop = new AbortController();
    const stopped = run(
      (request, response, count) => {
        giveBytes(request, response, bytes, count === 0 ? { stallAfter: 60_000 } : {});
      },
      {
        signal: stop.signal,
        onBytes: (there) => {
          if (there === 60_000) stop.abort();
        },
      },
    );
    await expect(stopped).rejects.toThrow("aborted");
    expect((await readFile(join(folder, "file.gz.partial"))).equals(bytes.subarray(0, 60_000))).toBe(true);
    await again();
    await expectWhole();
    expect(server.requests[1]?.range).toBe("bytes=60000-");
  });

  test("download() follows redirects, relative ones too", async () => {
    await run((request, response) => {
      if (request.url === "/file.gz") response.writeHead(301, { location: "there/file" }).end();
      else if (request.url === "/there/file")
        response.writeHead(307, { location: `${server.url}last` }).end();
      else giveBytes(request, response, bytes);
    });
    await expectWhole();
    expect(server.requests.map(({ path }) => path)).toEqual(["/file.gz", "/there/file", "/last"]);
  });
});

describe("download() refuses, and leaves nothing", () => {
  test.each<[string, Answer, string]>([
    ["404", (_, response) => response.writeHead(404).end("no"), "the server answers 404 Not Found"],
    ["403", (_, response) => response.writeHead(403).end("no"), "the server answers 403 Forbidden"],
    [
      "another length",
      (request, response) => {
        giveBytes(request, response, bytes.subarray(1));
      },
      "the file must have 200000 bytes; the server offers 199999",
    ],
    [
      "more bytes than there may be, of undeclared length",
      (_, response) => {
        response.writeHead(200, { etag: '"one"' });
        response.write(bytes);
        response.end(Buffer.alloc(1));
      },
      "sends more than the 200000 bytes expected",
    ],
    [
      "changed bytes",
      (request, response) => {
        giveBytes(request, response, Buffer.concat([bytes.subarray(0, -1), Buffer.of(bytes.at(-1)! ^ 1)]));
      },
      `must have SHA-256 ${expected.sha256}; got `,
    ],
    [
      "an encoding that was not asked for",
      (request, response) => {
        giveBytes(request, response, bytes, { headers: { "content-encoding": "gzip" } });
      },
      "the server encodes them as gzip",
    ],
    [
      "redirects in a circle",
      (request, response) => response.writeHead(302, { location: request.url === "/a" ? "/b" : "/a" }).end(),
      "redirects more than 5 times",
    ],
    [
      "a redirect to nowhere",
      (_, response) => response.writeHead(302).end(),
      "redirects (302) without saying where to",
    ],
    [
      "a redirect to a file",
      (_, response) => response.writeHead(302, { location: "file:///etc/passwd" }).end(),
      "An address must begin with http:// or https://; got file:///etc/passwd",
    ],
  ])("%s, at once", async (_, answer, message) => {
    await expect(run(answer)).rejects.toThrow(message);
    expect(await readdir(folder)).toEqual([]);
    expect(server.requests.length).toBeLessThanOrEqual(6);
  });

  test("a body that ends early however often", async () => {
    await expect(
      run((_, response) => {
        response.writeHead(200);
        response.end(bytes.subarray(0, 1000));
      }),
    ).rejects.toThrow("the answer ended at 0.0 MB of 0.2 MB (3 attempts)");
    expect(await readdir(folder)).toEqual([]);
  });

  test("bytes that went wrong in an earlier run", async () => {
    // As a crash could leave it: complete in size, wrong in content.
    await writeFile(join(folder, "file.gz.partial"), randomBytes(bytes.length));
    await expect(
      run((request, response) => {
        giveBytes(request, response, bytes);
      }),
    ).rejects.toThrow("must have SHA-256");
    expect(await readdir(folder)).toEqual([]);
    await again();
    await expectWhole();
  });
});

test("redirected() never leaves https for http", async () => {
  server = await serve(() => undefined);
  const from = new URL("https://example.org/a/b");
  expect(redirected(from, "c").href).toBe("https://example.org/a/c");
  expect(redirected(new URL("http://example.org/a"), "https://example.org/a").protocol).toBe("https:");
  expect(() => redirected(from, "http://example.org/a/b")).toThrow("redirects from https to http");
});
