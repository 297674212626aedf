// Sources: which files are notebooks, how they are named, and where their cells begin.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { cellLines, findSources, listSources } from "./source";

const folder = mkdtempSync(join(tmpdir(), "sources-"));
for (const name of [
  "10-last.ts",
  "01-first-one.ts",
  "02-second.ts",
  "shared.ts",
  "03-Wrong.ts",
  "01-first-one.ipynb",
]) {
  writeFileSync(join(folder, name), "");
}
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe("listSources", () => {
  test("listSources() lists NN-slug.ts by number and nothing else", () => {
    expect(listSources(folder).map((paths) => paths.name)).toEqual(["01-first-one", "02-second", "10-last"]);
  });
});

describe("findSources", () => {
  test("findSources() finds by number, by name and by path, in the order asked", () => {
    const found = findSources(folder, ["10", "1", "02-second", join(folder, "01-first-one.ts")]);
    expect(found.map((paths) => paths.name)).toEqual([
      "10-last",
      "01-first-one",
      "02-second",
      "01-first-one",
    ]);
    expect(found[0]!.output).toBe(join(folder, "10-last.ipynb"));
  });

  test("findSources() names the unknown notebook and what there is", () => {
    expect(() => findSources(folder, ["12"])).toThrow(
      /got 12 \(there are: 01-first-one, 02-second, 10-last\)/,
    );
  });
});

describe("cellLines", () => {
  test("cellLines() gives each marker's line, after a header too", () => {
    expect(cellLines("// %%\na;\n\n// %% [markdown]\n// b\n", "x.ts")).toEqual([1, 4]);
    expect(cellLines('// ---\n// jupyter: x\n// ---\n\n// %% tags=["t"]\na;\n', "x.ts")).toEqual([5]);
  });

  test("cellLines() takes only a whole marker for one", () => {
    expect(cellLines("// %%\nconst a = '// %%';\n// %%time\n  // %% indented\n", "x.ts")).toEqual([1]);
  });

  test("cellLines() refuses text before the first marker, with its place", () => {
    expect(() => cellLines("\nimport x;\n// %%\n", "x.ts")).toThrow(/got "import x;" at x\.ts:2/);
  });
});
