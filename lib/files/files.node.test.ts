import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { exists, readBytes, removeAbandonedWrites, writeBytesAtomically } from "./files.node.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "residual-files-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("writeBytesAtomically() makes folders, replaces the file, and leaves nothing else", async () => {
  const path = join(folder, "a", "b", "file");
  await writeBytesAtomically(path, Uint8Array.of(1, 2, 3));
  await writeBytesAtomically(path, Uint8Array.of(4));
  expect([...(await readBytes(path))]).toEqual([4]);
  expect(await readdir(join(folder, "a", "b"))).toEqual(["file"]);
});

test("writeBytesAtomically() that fails leaves what was there and no part", async () => {
  const path = join(folder, "taken");
  await mkdir(join(path, "inside"), { recursive: true });
  await expect(writeBytesAtomically(path, Uint8Array.of(1))).rejects.toThrow();
  expect(await readdir(folder)).toEqual(["taken"]);
  expect(await exists(join(path, "inside"))).toBe(true);
});

test("writeBytesAtomically() of two writers at once leaves one writer's bytes whole", async () => {
  const path = join(folder, "file");
  const bytes = [1, 2, 3, 4].map((value) => new Uint8Array(1 << 20).fill(value));
  await Promise.all(bytes.map((content) => writeBytesAtomically(path, content)));
  const written = await readBytes(path);
  expect(bytes.some((content) => Buffer.compare(content, written) === 0)).toBe(true);
});

test("writeBytesAtomically() of two containers at once, whose processes have one number, loses neither", async () => {
  const path = join(folder, "file");
  const container = async () => {
    vi.resetModules();
    return import("./files.node.js");
  };
  const [one, other] = [await container(), await container()];
  await Promise.all([
    one.writeBytesAtomically(path, Uint8Array.of(1)),
    other.writeBytesAtomically(path, Uint8Array.of(1)),
  ]);
  expect(await readdir(folder)).toEqual(["file"]);
});

test("removeAbandonedWrites() deletes the parts of dead processes and of earlier containers, and of other machines what is a day old", async () => {
  const dead = spawnSync(process.execPath, ["-e", ""]).pid;
  const abandoned = [
    `file.${hostname()}.${dead}-0a1b2c3d-1.partial`,
    `file.${hostname()}.${process.pid}-0a1b2c3d-1.partial`,
    `file.other.${process.pid}-0a1b2c3d-1.partial`,
  ];
  const kept = [
    `file.${hostname()}.${process.ppid}-0a1b2c3d-1.partial`,
    `file.other.${dead}-0a1b2c3d-1.partial`,
    `another.${hostname()}.${dead}-0a1b2c3d-1.partial`,
    "file",
  ];
  for (const name of [...abandoned, ...kept]) await writeFile(join(folder, name), "");
  const dayAgo = Date.now() / 1000 - 25 * 3600;
  await utimes(join(folder, abandoned[2]!), dayAgo, dayAgo);
  await removeAbandonedWrites(join(folder, "file"));
  expect((await readdir(folder)).sort()).toEqual(kept.sort());
  await removeAbandonedWrites(join(folder, "missing folder", "file"));
});

test("readBytes() refuses what is too large or no file, and gives plain bytes", async () => {
  const path = join(folder, "file");
  await writeFile(path, "12345");
  await expect(readBytes(path, { limit: 4 })).rejects.toThrow(`${path}: must be at most 4 bytes; it has 5`);
  await expect(readBytes(folder)).rejects.toThrow(`${folder}: not a regular file`);
  await expect(readBytes(join(folder, "none"))).rejects.toThrow("ENOENT");
  const bytes = await readBytes(path, { limit: 5 });
  expect(bytes.constructor).toBe(Uint8Array);
  expect(Buffer.from(bytes).toString()).toBe((await readFile(path)).toString());
});
