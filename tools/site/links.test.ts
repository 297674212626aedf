// Links: what leads nowhere is named with its place; what leads somewhere is left alone.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { brokenLinks, markdownOf, texts } from "./links";

const root = mkdtempSync(join(tmpdir(), "links-"));
const files = {
  "README.md":
    "# Top\n\n[a](docs/guide.md#first-part) [b](#top) [c](notebooks/01-x.ipynb) [d](docs/) [e](https://a.example)\n",
  "docs/guide.md":
    "# Guide\n\n## First part\n\n![gone](missing.png)\n[x](../README.md#nowhere)\n[y](../../outside.md)\n[z](/abs.md)\n",
  "notebooks/01-x.ts":
    "// %% [markdown]\n// # X\n//\n// [to](02-y.ipynb) [in](../docs/)\n\n// %%\nconst a = '[no](code.md)';\n",
  "node_modules/p/README.md": "[broken](x.md)",
};
for (const [path, text] of Object.entries(files)) {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), text);
}
afterAll(() => {
  rmSync(root, { recursive: true });
});

describe("brokenLinks", () => {
  test("brokenLinks() names each broken link with file and line, and no other", () => {
    expect(brokenLinks(root, texts(root))).toEqual([
      "docs/guide.md:5: no such file: missing.png",
      "docs/guide.md:6: no heading #nowhere in ../README.md",
      "docs/guide.md:7: a link must stay in the repository; got ../../outside.md",
      "docs/guide.md:8: a link must be relative or begin with https://; got /abs.md",
      "notebooks/01-x.ts:4: no such file: 02-y.ipynb",
      "notebooks/01-x.ts:4: a chapter's link must name a file; got ../docs/",
    ]);
  });
});

describe("markdownOf", () => {
  test("markdownOf() keeps the Markdown cells of a source, on their lines", () => {
    const text =
      '// %% [markdown] tags=["a"]\n// # X\n//\n//   indented\n// %%\n// a comment\n// %%time\n// %% [markdown]\n// end';
    expect(markdownOf("01-x.ts", text).split("\n")).toEqual([
      "",
      "# X",
      "",
      "  indented",
      "",
      "",
      "",
      "",
      "end",
    ]);
  });
});
