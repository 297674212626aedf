// What is read from Markdown, with the cases that a simple pattern gets wrong.
import { describe, expect, test } from "vitest";
import { anchors, formulas, links, strayDollars, titleAndSummary, withoutCode } from "./markdown";

describe("withoutCode", () => {
  test("withoutCode() blanks fences, spans and comments, and moves nothing", () => {
    const text = "a `b` c\n```ts\n$x$ `\n```\nd ``e ` f`` g <!-- h\ni --> j\n";
    const bare = withoutCode(text);
    expect(bare.length).toBe(text.length);
    expect(bare.split("\n").map((row) => row.trim())).toEqual([
      "a     c",
      "",
      "",
      "",
      "d           g",
      "j",
      "",
    ]);
  });

  test("withoutCode() blanks a fence that is never closed to the end", () => {
    expect(withoutCode("a\n~~~\n$b$\n").trim()).toBe("a");
  });
});

describe("links", () => {
  test("links() finds inline links, images, definitions and HTML, with their lines", () => {
    const text =
      '[a](x.md) ![b](i/y.png "title")\n[c](<z.md>) [d](w_(1).md#e)\n\n[f]: v.md\n<img alt="" src="u.svg">\n`[no](code.md)`\n';
    expect(links(text)).toEqual([
      { target: "x.md", line: 1 },
      { target: "i/y.png", line: 1 },
      { target: "z.md", line: 2 },
      { target: "w_(1).md#e", line: 2 },
      { target: "v.md", line: 4 },
      { target: "u.svg", line: 5 },
    ]);
  });
});

describe("formulas", () => {
  test("formulas() finds inline, displayed and environment formulas", () => {
    const text = "$a$ and $b_1$\n\n$$ c\n= d $$\n\n\\begin{align} e \\end{align}\n";
    expect(formulas(text)).toEqual([
      { tex: "a", display: false, line: 1 },
      { tex: "b_1", display: false, line: 1 },
      { tex: "c\n= d", display: true, line: 3 },
      { tex: "\\begin{align} e \\end{align}", display: true, line: 6 },
    ]);
  });

  test("formulas() leaves escaped dollars, code, and pairs across an empty line alone", () => {
    expect(formulas("\\$5 and \\$6 `$a$`\n\none $ here\n\nand $ there")).toEqual([]);
    expect(strayDollars("\\$5 and \\$6 `$a$`\n\none $ here\n\nand $ there")).toEqual([3, 5]);
  });
});

describe("anchors", () => {
  test("anchors() follows GitHub: lower case, no punctuation, numbers on repetitions, no headings in code", () => {
    const text =
      "# The *degradation* problem!\n## What's `6n+2`?\n## Again\n## Again\n```\n# not\n```\n<a id='x' name=\"own\"></a>\n";
    expect([...anchors(text)]).toEqual(["the-degradation-problem", "whats-6n2", "again", "again-1", "own"]);
  });
});

describe("titleAndSummary", () => {
  test("titleAndSummary() gives the heading and the paragraph after it as plain text", () => {
    const text = "# 01 A **bold** title\n\nSee [the paper](x) and `code`,\nover two *lines*.\n\nNot this.\n";
    expect(titleAndSummary(text)).toEqual({
      title: "01 A bold title",
      summary: "See the paper and code, over two lines.",
    });
  });

  test("titleAndSummary() gives no summary where a heading or list follows, and no title without a heading", () => {
    expect(titleAndSummary("# A\n\n## B\n\nText")).toEqual({ title: "A", summary: "" });
    expect(titleAndSummary("# A\n\n- item\n")).toEqual({ title: "A", summary: "" });
    expect(titleAndSummary("# A")).toEqual({ title: "A", summary: "" });
    expect(titleAndSummary("Text\n").title).toBe("");
  });
});
