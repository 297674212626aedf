// A disk that fills while a file is written: said plainly, and what arrived is kept to go on from.
import { createHash, randomBytes } from "node:crypto";
import type * as promises from "node:fs/promises";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { download } from "./download";
import { giveBytes, serve } from "./fault-server";

// A full disk cannot be had at will, so `open` gives files that are full after two pieces.
const disk = vi.hoisted(() => ({ full: true }));
vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof promises>();
  return {
    ...real,
    async open(...given: Parameters<typeof real.open>) {
      const file = await real.open(...given);
      const write = file.appendFile.bind(file);
      let pieces = 0;
      file.appendFile = (...data) =>
        disk.full && ++pieces > 2
          ? Promise.reject(
              Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" }),
            )
          : write(...data);
      return file;
    },
  };
});

let close: (() => Promise<void>) | undefined;
let folder: string;
afterEach(async () => {
  await close?.();
  await rm(folder, { recursive: true, force: true });
});

test("download() on a full disk says so at once, and goes on once there is room", async () => {
  const bytes = randomBytes(1_000_000);
  const expected = { bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
  const server = await serve((request, response) => {
    giveBytes(request, response, bytes);
  });
  close = () => server.close();
  folder = await mkdtemp(join(tmpdir(), "residual-full-"));
  const path = join(folder, "file.gz");
  await expect(download(`${server.url}file.gz`, path, expected)).rejects.toThrow(
    `The disk is full: ${folder}`,
  );
  expect(server.requests).toHaveLength(1);
  disk.full = false;
  await download(`${server.url}file.gz`, path, expected);
  expect(await readdir(folder)).toEqual(["file.gz"]);
  expect(server.requests[1]?.range).toMatch(/^bytes=[1-9]\d*-$/);
});
