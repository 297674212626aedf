// Whole installations of small made-up data sets: from a server, from files, and every failure's traces.
import { createHash, randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { giveBytes, serve, type Answer, type FaultServer } from "./fault-server";
import { install, installed, type InstallOptions } from "./install";
import type { Digest, Source } from "./sources";
import { tarGz, type Entry } from "./tarball";

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");
const digest = (bytes: Buffer): Digest => ({ bytes: bytes.length, sha256: sha256(bytes) });

const data = randomBytes(50_000);
const archive = tarGz([{ name: "set-bin/data.bin", data }]);
/** A data set of one archive; `packed` is what its hash is of. */
function archiveSource(packed: Buffer = archive): Source {
  return {
    name: "set",
    url: server.url,
    files: [{ name: "set.tar.gz", ...digest(packed) }],
    archive: { folder: "set-bin", members: [{ name: "data.bin", bytes: data.length }] },
  };
}

const contents = [randomBytes(3000), randomBytes(100)];
const packed = contents.map((bytes) => gzipSync(bytes));
/** A data set of two .gz files. */
function filesSource(): Source {
  return {
    name: "pair",
    url: server.url,
    files: packed.map((bytes, i) => ({ name: `${i}.gz`, ...digest(bytes), contents: digest(contents[i]!) })),
  };
}

let root: string;
let folder: string;
let server: FaultServer;
let answer: Answer;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "residual-install-"));
  folder = join(root, "set", "download");
  answer = (request, response) => {
    const path = request.url!.slice(request.url!.lastIndexOf("/") + 1);
    giveBytes(request, response, path === "set.tar.gz" ? archive : packed[Number(path[0])]!);
  };
  server = await serve((...given) => {
    answer(...given);
  });
});
afterEach(async () => {
  await server.close();
  await rm(root, { recursive: true, force: true });
});

const quick: InstallOptions = { attempts: 2, retryMs: 1, stallMs: 10_000 };

describe("install() of an archive", () => {
  async function expectInstalled(): Promise<void> {
    expect(await readdir(folder)).toEqual(["set-bin"]);
    expect((await readFile(join(folder, "set-bin", "data.bin"))).equals(data)).toBe(true);
  }

  test("install() downloads, unpacks, keeps no archive, and has nothing to do the next time", async () => {
    expect(await install(archiveSource(), folder, quick)).toBe(true);
    await expectInstalled();
    expect(await install(archiveSource(), folder, quick)).toBe(false);
    expect(server.requests).toHaveLength(1);
  });

  test("install() replaces an unpacked folder that is damaged", async () => {
    await mkdir(join(folder, "set-bin"), { recursive: true });
    await writeFile(join(folder, "set-bin", "data.bin"), "half");
    expect(await installed(archiveSource(), folder)).toBe(false);
    await install(archiveSource(), folder, quick);
    await expectInstalled();
  });

  test("install() clears what a killed run left: its lock, its half-unpacked folder", async () => {
    await mkdir(join(folder, ".unpacking"), { recursive: true });
    await writeFile(join(folder, ".unpacking", "data.bin"), "half");
    // No process has this id: it is above Linux's and macOS's limits.
    await writeFile(join(folder, ".lock"), "99999999");
    await install(archiveSource(), folder, quick);
    await expectInstalled();
  });

  test("install() uses an archive that a killed run had verified", async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "set.tar.gz"), archive);
    await install(archiveSource(), folder, quick);
    await expectInstalled();
    expect(server.requests).toHaveLength(0);
  });

  test("install() leaves another living process its work", async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, ".lock"), String(process.ppid));
    await expect(install(archiveSource(), folder, quick)).rejects.toThrow(
      `Another npm run data (process ${process.ppid})`,
    );
    expect(await readFile(join(folder, ".lock"), "utf8")).toBe(String(process.ppid));
  });

  test("install() fetches from a mirror", async () => {
    const source = { ...archiveSource(), url: "http://127.0.0.1:9/nowhere/" };
    await install(source, folder, { ...quick, mirror: `${server.url}mirror` });
    await expectInstalled();
    expect(server.requests[0]?.path).toBe("/mirror/set.tar.gz");
  });

  test.each(["the file", "its folder"])(
    "install() takes a local copy, named by %s, and leaves it alone",
    async (by) => {
      await writeFile(join(root, "set.tar.gz"), archive);
      await install(archiveSource(), folder, {
        fromFile: by === "the file" ? join(root, "set.tar.gz") : root,
      });
      await expectInstalled();
      expect((await readFile(join(root, "set.tar.gz"))).equals(archive)).toBe(true);
      expect(server.requests).toHaveLength(0);
    },
  );

  test.each<[string, Buffer, string]>([
    ["of another size", archive.subarray(1), `must have ${archive.length} bytes; got ${archive.length - 1}`],
    ["of another content", Buffer.concat([archive.subarray(0, -1), Buffer.of(7)]), "its SHA-256 must be"],
  ])("install() refuses a local copy %s, and leaves nothing", async (_, bytes, message) => {
    await writeFile(join(root, "set.tar.gz"), bytes);
    await expect(install(archiveSource(), folder, { fromFile: root })).rejects.toThrow(message);
    expect(await readdir(folder)).toEqual([]);
  });

  test("install() names a local path that is not there", async () => {
    await expect(install(archiveSource(), folder, { fromFile: join(root, "no") })).rejects.toThrow(
      "--from-file must name a file",
    );
    await expect(install(archiveSource(), folder, { fromFile: root })).rejects.toThrow(
      "set.tar.gz is not there",
    );
  });

  // Each is served with its right hash, so that only the unpacking can find the fault.
  test.each<[string, Buffer, string]>([
    ["gzip cut short", archive.subarray(0, 20_000), "unexpected end of file"],
    ...(
      [
        ["a path that escapes", [{ name: "../data.bin", data }], "got ../data.bin"],
        ["an absolute path", [{ name: "/data.bin", data }], "got /data.bin"],
        [
          "a symbolic link",
          [{ name: "set-bin/data.bin", type: "2", link: "/etc/passwd" }],
          "a symbolic link",
        ],
        ["another layout", [{ name: "data.bin", data }], "must hold the files of set-bin; got data.bin"],
        [
          "an oversized member",
          [{ name: "set-bin/data.bin", data: Buffer.alloc(50_001) }],
          "must have 50000 bytes; got 50001",
        ],
      ] as const
    ).map(([name, entries, message]): [string, Buffer, string] => [
      name,
      tarGz(entries as readonly Entry[]),
      message,
    ]),
  ])("install() refuses %s, and leaves nothing", async (_, bytes, message) => {
    answer = (request, response) => {
      giveBytes(request, response, bytes);
    };
    await expect(install(archiveSource(bytes), folder, quick)).rejects.toThrow(message);
    expect(await readdir(folder)).toEqual([]);
    expect(await readdir(root)).toEqual(["set"]);
  });

  test.each<[string, Answer, string]>([
    ["404", (_, response) => response.writeHead(404).end(), "answers 404"],
    [
      "500 always",
      (_, response) => response.writeHead(500).end(),
      "answers 500 Internal Server Error (2 attempts)",
    ],
    ["no server", (request) => request.socket.destroy(), "(2 attempts)"],
    [
      "corrupted bytes",
      (request, response) => {
        giveBytes(
          request,
          response,
          Buffer.concat([archive.subarray(0, -1), Buffer.of(archive.at(-1)! ^ 1)]),
        );
      },
      "must have SHA-256",
    ],
  ])("install() fails on %s, and leaves nothing", async (_, given, message) => {
    answer = given;
    await expect(install(archiveSource(), folder, quick)).rejects.toThrow(message);
    expect(await readdir(folder)).toEqual([]);
  });

  test("install() stopped on the way keeps only what it can go on with", async () => {
    const stop = new AbortController();
    answer = (request, response, count) => {
      giveBytes(request, response, archive, count === 0 ? { stallAfter: 10_000 } : {});
    };
    const stopped = install(archiveSource(), folder, {
      ...quick,
      signal: stop.signal,
      onBytes: (_, there) => {
        if (there === 10_000) stop.abort();
      },
    });
    await expect(stopped).rejects.toThrow("aborted");
    expect((await readdir(folder)).sort()).toEqual(["set.tar.gz.partial", "set.tar.gz.partial.json"]);
    await install(archiveSource(), folder, quick);
    await expectInstalled();
    expect(server.requests[1]?.range).toBe("bytes=10000-");
  });

  test("install() does not begin what the disk cannot hold", async () => {
    const source = archiveSource();
    const vast = { ...source, files: [{ ...source.files[0]!, bytes: 1e18 }] };
    await expect(install(vast, folder, quick)).rejects.toThrow(
      /set takes 1000000000000\.1 MB of disk .* MB free/,
    );
    expect(server.requests).toHaveLength(0);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe("install() of files", () => {
  test("install() downloads each file, and only the missing one the next time", async () => {
    await install(filesSource(), folder, quick);
    expect((await readdir(folder)).sort()).toEqual(["0.gz", "1.gz"]);
    await rm(join(folder, "1.gz"));
    await install(filesSource(), folder, quick);
    expect(server.requests.map(({ path }) => path)).toEqual(["/0.gz", "/1.gz", "/1.gz"]);
    expect((await readFile(join(folder, "1.gz"))).equals(packed[1]!)).toBe(true);
  });

  test("install() fetches a file again that was damaged since", async () => {
    await install(filesSource(), folder, quick);
    await writeFile(join(folder, "0.gz"), packed[0]!.subarray(0, 100));
    expect(await install(filesSource(), folder, quick)).toBe(true);
    expect((await readFile(join(folder, "0.gz"))).equals(packed[0]!)).toBe(true);
  });

  test("install() takes local files that were compressed anew, and knows them again", async () => {
    const again = contents.map((bytes) => gzipSync(bytes, { level: 0 }));
    await Promise.all(again.map((bytes, i) => writeFile(join(root, `${i}.gz`), bytes)));
    expect(await install(filesSource(), folder, { fromFile: root })).toBe(true);
    expect((await readFile(join(folder, "0.gz"))).equals(again[0]!)).toBe(true);
    expect(await install(filesSource(), folder, { fromFile: root })).toBe(false);
  });

  test.each<[string, Buffer, string]>([
    ["with other contents", gzipSync(randomBytes(100)), "its contents' SHA-256 must be"],
    ["that unpacks to more", gzipSync(Buffer.alloc(101)), "it must be gzip of 100 bytes"],
    ["that is cut short", packed[1]!.subarray(0, 60), "it must be gzip of 100 bytes; unexpected end of file"],
    ["that is far too large", Buffer.alloc(1000), "it must have about 123 bytes; got 1000"],
  ])("install() refuses a local file %s, and does not write it", async (_, bytes, message) => {
    await writeFile(join(root, "0.gz"), packed[0]!);
    await writeFile(join(root, "1.gz"), bytes);
    await expect(install(filesSource(), folder, { fromFile: root })).rejects.toThrow(message);
    expect(await readdir(folder)).toEqual(["0.gz"]);
  });
});

describe("a file of which the publisher gives a bound and the beginning of the hash", () => {
  const weights = randomBytes(20_000);
  const source = (bytes = 20_100, beginning = sha256(weights).slice(0, 8)): Source => ({
    name: "weights",
    url: server.url,
    files: [{ name: "weights.pth", bytes, sha256: beginning, atMost: true }],
  });
  const path = () => join(folder, "weights.pth");
  beforeEach(() => {
    answer = (request, response) => {
      giveBytes(request, response, weights);
    };
  });

  test("install() takes as many bytes as the server offers, and knows it the next time", async () => {
    expect(await install(source(), folder, quick)).toBe(true);
    expect((await readFile(path())).equals(weights)).toBe(true);
    expect(await install(source(), folder, quick)).toBe(false);
    await writeFile(path(), weights.subarray(1));
    expect(await installed(source(), folder)).toBe(false);
  });

  test("install() goes on with a part, after a new question for the size", async () => {
    const ranges: (string | undefined)[] = [];
    answer = (request, response) => {
      ranges.push(request.headers.range);
      if (ranges.length === 2) {
        response.writeHead(200, { "content-length": weights.length, etag: '"1"' });
        response.write(weights.subarray(0, 5000), () => response.destroy());
      } else giveBytes(request, response, weights);
    };
    await install(source(), folder, quick);
    expect((await readFile(path())).equals(weights)).toBe(true);
    expect(ranges.slice(0, 2)).toEqual([undefined, undefined]);
    expect(ranges.length).toBeGreaterThan(2);
  });

  test("install() refuses more than the bound before a byte is kept, and bytes of another hash", async () => {
    await expect(install(source(19_999), folder, quick)).rejects.toThrow(
      /at most 19999 bytes; the server offers 20000/,
    );
    await expect(install(source(20_100, "00000000"), folder, quick)).rejects.toThrow(
      /SHA-256 00000000\.\.\.; got/,
    );
    expect(await readdir(folder)).toEqual([]);
    answer = (_, response) => {
      response.write(weights); // in chunks, so that no length is told
      response.end();
    };
    await expect(install(source(), folder, quick)).rejects.toThrow(/without its length/);
  });

  test("install() copies a local file whole, and refuses another", async () => {
    const local = join(root, "mine.pth");
    await writeFile(local, weights);
    await install(source(), folder, { ...quick, fromFile: local });
    expect((await readFile(path())).equals(weights)).toBe(true);
    await rm(path());
    await writeFile(local, Buffer.concat([weights, randomBytes(101)]));
    await expect(install(source(), folder, { ...quick, fromFile: local })).rejects.toThrow(
      /at most 20100 bytes/,
    );
    await writeFile(local, randomBytes(20_000));
    await expect(install(source(), folder, { ...quick, fromFile: local })).rejects.toThrow(/SHA-256 must be/);
  });
});
