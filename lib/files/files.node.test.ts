import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
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

test("removeAbandonedWrites() deletes a dead process's part, and neither a living one's nor another file's", async () => {
  const dead = spawnSync(process.execPath, ["-e", ""]).pid;
  const living = `file.${process.pid}-1.partial`;
  for (const name of [`file.${dead}-1.partial`, living, `other.${dead}-1.partial`, "file"]) {
    await writeFile(join(folder, name), "");
  }
  await removeAbandonedWrites(join(folder, "file"));
  expect((await readdir(folder)).sort()).toEqual(["file", living, `other.${dead}-1.partial`].sort());
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
