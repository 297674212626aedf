// Unpacking: archives as GNU tar writes them, and archives that mean harm or are damaged.
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { unpack } from "./archive";
import { tar, tarGz, type Entry } from "./tarball";

const one = randomBytes(100_000);
const two = randomBytes(1024);
const layout = {
  folder: "set-bin",
  members: [
    { name: "one.bin", bytes: one.length },
    { name: "two.bin", bytes: two.length },
  ],
};
const good: readonly Entry[] = [
  { name: "set-bin/", type: "5" },
  { name: "set-bin/one.bin", data: one },
  { name: "set-bin/readme.html", data: Buffer.from("hello") },
  { name: "set-bin/two.bin", data: two },
];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "residual-archive-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function run(archive: Buffer): Promise<void> {
  await writeFile(join(folder, "set.tar.gz"), archive);
  await unpack(join(folder, "set.tar.gz"), layout, join(folder, "out"));
}

async function expectUnpacked(): Promise<void> {
  expect((await readdir(join(folder, "out"))).sort()).toEqual(["one.bin", "two.bin"]);
  expect((await readFile(join(folder, "out", "one.bin"))).equals(one)).toBe(true);
  expect((await readFile(join(folder, "out", "two.bin"))).equals(two)).toBe(true);
}

describe("unpack()", () => {
  test("unpack() writes the wanted members, and only them", async () => {
    await run(tarGz(good));
    await expectUnpacked();
  });

  test.each(["gnu", "ustar", "v7"])("unpack() reads what tar --format=%s writes", async (format) => {
    await mkdir(join(folder, "set-bin"));
    await writeFile(join(folder, "set-bin", "one.bin"), one);
    await writeFile(join(folder, "set-bin", "two.bin"), two);
    await writeFile(join(folder, "set-bin", "batches.meta.txt"), "airplane\n");
    const made = spawnSync("tar", [`--format=${format}`, "-czf", "made.tar.gz", "set-bin"], { cwd: folder });
    expect(made.status).toBe(0);
    await unpack(join(folder, "made.tar.gz"), layout, join(folder, "out"));
    await expectUnpacked();
  });

  const spoiled = (index: number, change: Partial<Entry>): readonly Entry[] =>
    good.map((entry, i) => (i === index ? { ...entry, ...change } : entry));

  test.each<[string, readonly Entry[], string]>([
    [
      "a path that leaves the folder",
      [...good, { name: "../evil", data: two }],
      "the files of set-bin; got ../evil",
    ],
    ["one that leaves it later", [...good, { name: "set-bin/../../evil" }], "got set-bin/../../evil"],
    ["an absolute path", [...good, { name: "/etc/evil" }], "got /etc/evil"],
    ["a path split by its prefix", [...good, { prefix: "..", name: "evil" }], "got ../evil"],
    ["a folder below", [...good, { name: "set-bin/sub/file" }], "got set-bin/sub/file"],
    [
      "a symbolic link",
      [{ name: "set-bin/one.bin", type: "2", link: "/etc/passwd" }],
      "got set-bin/one.bin, a symbolic link",
    ],
    ["a hard link", [{ name: "set-bin/x", type: "1", link: "one.bin" }], "got set-bin/x, a hard link"],
    ["a device", [{ name: "set-bin/x", type: "3" }], "a character device"],
    ["another folder", [{ name: "other/", type: "5" }, ...good], "got other/, a folder"],
    ["an extended header", [{ name: "x", type: "x" }, ...good], 'a header of type "x"'],
    [
      "a member of another size",
      spoiled(3, { data: Buffer.alloc(1023) }),
      "set-bin/two.bin must have 1024 bytes; got 1023",
    ],
    [
      "a member that claims to be vast",
      spoiled(1, { size: 8 ** 11 - 1 }),
      "must have 100000 bytes; got 8589934591",
    ],
    ["a member that comes twice", [...good, good[3]!], "got set-bin/two.bin twice"],
    ["a missing member", good.slice(0, 3), "the archive lacks set-bin/two.bin"],
    ["nothing", [], "the archive lacks set-bin/one.bin, set-bin/two.bin"],
    [
      "a large stranger",
      [...good, { name: "set-bin/large", data: Buffer.alloc(65_537) }],
      "got set-bin/large (65537 bytes)",
    ],
    [
      "many strangers",
      [...good, ...Array.from({ length: 16 }, (_, i) => ({ name: `set-bin/${i}.txt` }))],
      "got set-bin/15.txt",
    ],
    ["a wrong checksum", spoiled(1, { checksumError: 1 }), "a tar header's checksum must be its sum"],
  ])("unpack() refuses %s", async (_, entries, message) => {
    await expect(run(tarGz(entries))).rejects.toThrow(message);
    // Nothing but members, under their own names, was ever written.
    expect((await readdir(folder)).sort()).toEqual(["out", "set.tar.gz"]);
    for (const name of await readdir(join(folder, "out"))) expect(["one.bin", "two.bin"]).toContain(name);
  });

  const changed = (bytes: Buffer, at: number): Buffer => {
    const copy = Buffer.from(bytes);
    copy[at]! ^= 1;
    return copy;
  };
  const plain = tar(good);

  test.each<[string, Buffer, string | RegExp]>([
    ["gzip cut short", tarGz(good).subarray(0, 50_000), "unexpected end of file"],
    [
      "a tar cut short inside a member",
      gzipSync(plain.subarray(0, 50_000)),
      "the archive ends in the middle",
    ],
    ["a tar without its end", gzipSync(plain.subarray(0, -1024)), "the archive ends in the middle"],
    ["gzip whose sum is wrong", changed(tarGz(good), tarGz(good).length - 8), "incorrect data check"],
    ["data after the end", gzipSync(Buffer.concat([plain, Buffer.from("more")])), "must end with zeros"],
    ["endless zeros", gzipSync(Buffer.concat([plain, Buffer.alloc(2 ** 21)])), "must end within 1 MiB"],
    ["what is not gzip", plain, "incorrect header check"],
    ["what is not tar", gzipSync(randomBytes(2048)), /tar header/],
  ])("unpack() refuses %s", async (_, archive, message) => {
    await expect(run(archive)).rejects.toThrow(message);
  });

  test("unpack() stops on the signal", async () => {
    await writeFile(join(folder, "set.tar.gz"), tarGz(good));
    const stopped = unpack(join(folder, "set.tar.gz"), layout, join(folder, "out"), AbortSignal.abort());
    await expect(stopped).rejects.toThrow("aborted");
  });
});
