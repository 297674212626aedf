// What is exported: links that hold on the site, neighbours, and contents that escape.
import { describe, expect, test } from "vitest";
import type { Notebook } from "../notebooks/notebook";
import { contents, page, prepare, rewriteLinks } from "./prepare";

function notebook(source: string): Notebook {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: "residual" } },
    cells: [{ id: "a", cell_type: "markdown", metadata: {}, source }],
  };
}

describe("rewriteLinks", () => {
  test("rewriteLinks() turns chapters into pages, hands other files over, and leaves addresses and anchors", () => {
    const text =
      "[a](02-x.ipynb#b) [c](../docs/gpu.md) [d](https://e.example/f.ipynb) [g](#h) ![i](fig/j.png 'k')";
    expect(rewriteLinks(text, (target) => `linked/${target.replaceAll("../", "")}`)).toBe(
      "[a](02-x.html#b) [c](linked/docs/gpu.md) [d](https://e.example/f.ipynb) [g](#h) ![i](linked/fig/j.png 'k')",
    );
  });
});

describe("prepare", () => {
  test("prepare() gives title and neighbours and leaves the notebook itself alone", () => {
    const pages = ["# A", "# B\n\n[c](03-c.ipynb)", "# C"].map((text, index) =>
      page(`0${index}`, notebook(text)),
    );
    const made = prepare(pages, 1, (target) => target);
    expect(made.metadata).toEqual({
      kernelspec: { name: "residual" },
      title: "B",
      residual_site: { previous: "00", next: "02" },
    });
    expect(made.cells[0]!.source).toBe("# B\n\n[c](03-c.html)");
    expect(pages[1]!.notebook.cells[0]!.source).toBe("# B\n\n[c](03-c.ipynb)");
  });

  test("prepare() opens what is folded below a question: a page shows the outputs too", () => {
    const text =
      "# A\n\n<details>\n<summary>Once it has run</summary>\n\nIt falls: [c](03-c.ipynb).\n\n</details>";
    const made = prepare([page("01-a", notebook(text))], 0, (target) => target);
    expect(made.cells[0]!.source).toBe("# A\n\nIt falls: [c](03-c.html).");
  });

  test("page() refuses a notebook without a title", () => {
    expect(() => page("01-x", notebook("no heading"))).toThrow(/01-x: the first cell must be Markdown/);
  });
});

describe("contents", () => {
  test("contents() escapes titles, summaries and names", () => {
    const html = contents([page("01-x", notebook('# <b> & "c"\n\n<script>alert(1)</script> text'))]);
    expect(html).toContain('<a href="01-x.html">&lt;b&gt; &amp; &quot;c&quot;</a>');
    expect(html).not.toContain("<script>");
  });
});
