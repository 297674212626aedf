import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { picture, readImports, refusals } from "./rooms.mjs";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "residual-rooms-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The imports of a library with a ground floor, a first floor and a roof. */
function read(files: Readonly<Record<string, string>>) {
  for (const [name, source] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), source);
  }
  return readImports(folder, { folders: ["lib"], order: ["ground", "first", "roof"] });
}

const house = {
  "lib/index.ts": `export * from "./roof/view.js";`,
  "lib/ground/stone.ts": `export type Stone = number;`,
  "lib/first/wall.ts": `import type { Stone } from "../ground/stone.js";\nexport type Wall = Stone[];`,
  "lib/roof/view.ts": `import type { Wall } from "../first/wall.js";\nimport type { Stone } from "../ground/stone.js";\nexport type View = [Wall, Stone];`,
};

test("picture() draws imports downwards, without those that follow from others", async () => {
  const imports = await read(house);
  expect(refusals(imports)).toEqual([]);
  expect(picture(imports, ["ground", "first", "roof"])).toBe(
    "flowchart TD\n  roof --> first\n  first --> ground",
  );
});

test.each([
  [
    "an upward import of a type",
    { "lib/ground/stone.ts": `import type { View } from "../roof/view.js";\nexport type Stone = View;` },
    /^upward import from lib\/ground: lib\/ground\/stone\.ts -> lib\/roof\/view\.ts; move down/,
  ],
  [
    "a circle within one folder",
    {
      "lib/first/door.ts": `import type { Wall } from "./wall.js";\nexport type Door = Wall;`,
      "lib/first/wall.ts": `import type { Door } from "./door.js";\nexport type Wall = Door[];`,
    },
    /^circle of files: lib\/first\/door\.ts -> lib\/first\/wall\.ts -> lib\/first\/door\.ts; /,
  ],
  [
    "an import that is made when it is needed",
    {
      "lib/ground/stone.ts": `export type Stone = number;\nexport const late = () => import("../first/wall.js");`,
    },
    /^upward import from lib\/ground: /,
  ],
  [
    "a folder that the order lacks",
    { "lib/index.ts": `export * from "./cellar/coal.js";`, "lib/cellar/coal.ts": `export type Coal = 1;` },
    /^folder of lib\/ without a place: lib\/index\.ts -> lib\/cellar\/coal\.ts; list it/,
  ],
  [
    "an import of Node in the core",
    {
      "lib/ground/stone.ts": `import { readFileSync } from "node:fs";\nexport type Stone = typeof readFileSync;`,
    },
    /^import of Node in the core of lib\/: lib\/ground\/stone\.ts -> (?:node:)?fs; /,
  ],
])("readImports() refuses %s", async (_, change, message) => {
  const lines = refusals(await read({ ...house, ...change }));
  expect(lines).toEqual([expect.stringMatching(message)]);
});

test("readImports() lets a file called *.node.ts import what Node has", async () => {
  const imports = await read({
    ...house,
    "lib/ground/files.node.ts": `export { readFileSync } from "node:fs";`,
  });
  expect(refusals(imports)).toEqual([]);
});
