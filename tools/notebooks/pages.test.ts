// The pages made from the notebooks: the README's table and the glossary.
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { entries } from "./glossary";
import type { Chapter } from "./glossary";
import { stalePages, withTable } from "./pages";
import type { NotebookRecord } from "./record";

const chapter = (name: string, markdown: string): Chapter => ({ name, markdown });

const record = (notebook: string, seconds: number): NotebookRecord => ({
  notebook,
  setting: "everyday",
  seconds,
  peakBytes: 3 * 2 ** 29,
  sideBySide: 1,
  machine: { processor: "p", cores: 2, platform: "linux x64" },
  node: "20.0.0",
});

const readme = `before
<!-- notebooks: times and memory are written by npm run notebooks, from results/records -->

| | notebook | time | memory |
|---|---|---|---|
| 01 | [A](notebooks/01-a.ipynb): kept words | 99 minutes | 9 GiB |

<!-- /notebooks -->
after`;

describe("withTable()", () => {
  const all = [chapter("01-a", "# 01 A\n\nFirst. Second.\n"), chapter("02-b", "# 02 B\n\nIt asks. More.\n")];

  test("withTable() takes times and memory from the records and keeps what a row says", () => {
    const made = withTable(readme, all, new Map([["01-a", record("01-a", 200)]]));
    expect(made).toContain("| 01 | [A](notebooks/01-a.ipynb): kept words | 3 minutes | 1.5 GiB |");
    expect(made).toContain("| 02 | [B](notebooks/02-b.ipynb): It asks | – | – |");
    expect(made).toContain("time on 2 cores");
    expect(made).toMatch(/^before\n[^]*\nafter$/);
    expect(made).not.toContain("99");
  });

  test("withTable() asks for its marks", () => {
    expect(() => withTable("no table", all, new Map())).toThrow("they are gone");
  });
});

describe("entries()", () => {
  const all = [
    chapter(
      "01-a",
      "# 01 A\n\n## Parts\n\n**An old word.** A **plain network** is a chain\nof layers, like $a. B$ (see [x](y.md). Z). Then more.\n",
    ),
    chapter("02-b", "# 02 B\n\n## Later\n\n- one **Unit** a line;\n- two **plain networks**.\n"),
  ];

  test("entries() gives the sentence of the first bold place, its chapter and heading", () => {
    expect(entries(all, ["unit", "plain network"])).toEqual([
      {
        term: "plain network",
        sentence: "A **plain network** is a chain of layers, like $a. B$ (see x. Z).",
        chapter: "01-a",
        heading: "Parts",
        line: 5,
      },
      { term: "unit", sentence: "one **Unit** a line;", chapter: "02-b", heading: "Later", line: 5 },
    ]);
  });

  test("entries() gives a sentence that ends in a formula with it", () => {
    const text =
      "# 01 A\n\nThe **residual** is\n\n$$\nF(x) = H(x) - x, \\tag{1}\n$$\n\nA **tape** is a list.\n\n$$ x $$\n";
    const sentences = entries([chapter("01-a", text)], ["residual", "tape"]).map(({ sentence }) => sentence);
    expect(sentences).toEqual(["The **residual** is $F(x) = H(x) - x$", "A **tape** is a list."]);
  });

  test("entries() names the terms that no chapter introduces", () => {
    expect(() => entries(all, ["unit", "gate", "tape"])).toThrow(/not found: gate, tape$/);
  });
});

test("the README's table and the glossary are what the chapters and records give: npm run notebooks -- --pages", async () => {
  const stale = await stalePages(resolve(__dirname, "..", ".."));
  expect(stale.map(({ path }) => path)).toEqual([]);
});
