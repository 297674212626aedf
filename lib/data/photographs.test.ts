// The course's photographs are those that their README names, and squares of pictures are means of areas.
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { photographs, square } from "./photographs.js";

const folder = new URL("../../datasets/photographs/", import.meta.url);

test("photographs() gives each that the README lists, whose file has the hash there", async () => {
  const readme = await readFile(new URL("README.md", folder), "utf8");
  const hashes = new Map([...readme.matchAll(/^\| `(\w+\.png)`.*`([0-9a-f]{64})` \|$/gm)].map(([, file, hash]) => [file!, hash!])); // prettier-ignore
  const files = (await readdir(folder)).filter((file) => file.endsWith(".png"));
  expect([...hashes.keys()].sort()).toEqual(files.sort());
  for (const [file, hash] of hashes)
    expect(
      createHash("sha256")
        .update(await readFile(new URL(file, folder)))
        .digest("hex"),
    ).toBe(hash);
  const found = await photographs();
  expect(found.map(({ name }) => `${name}.png`).sort()).toEqual(files.sort());
  for (const { shape, pixels, licence } of found) {
    expect([...shape, pixels.length]).toEqual([192, 192, 3, 192 * 192 * 3]);
    expect(["CC0", "public domain"]).toContain(licence);
  }
});

test("photographs() says where it looked if they are not there", async () => {
  await expect(photographs({ root: "/nowhere" })).rejects.toThrow("/nowhere/photographs");
});

test("square() takes the middle, and each pixel is the mean of its area", () => {
  // 2 rows of 4 pixels, red alone; the middle 2x2 are 10, 20, 30, 41.
  const red = [0, 10, 20, 99, 0, 30, 41, 99];
  const picture = {
    pixels: Uint8Array.from(red.flatMap((value) => [value, 0, 7])),
    shape: [2, 4, 3],
  } as const;
  expect([...square(picture, 1).pixels]).toEqual([25, 0, 7]);
  expect([...square(picture, 2).pixels].filter((_, i) => i % 3 === 0)).toEqual([10, 20, 30, 41]);
  expect([...square(picture, 4).pixels].filter((_, i) => i % 3 === 0).slice(0, 4)).toEqual([10, 10, 20, 20]);
  const flat = { pixels: new Uint8Array(7 * 7 * 3).fill(83), shape: [7, 7, 3] } as const;
  expect(new Set(square(flat, 5).pixels)).toEqual(new Set([83]));
  expect(() => square({ ...flat, pixels: flat.pixels.subarray(1) }, 5)).toThrow(RangeError);
  expect(() => square(flat, 0)).toThrow(RangeError);
});
