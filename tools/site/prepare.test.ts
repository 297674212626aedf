// What is exported: links that hold on the site, and no answers.
import { describe, expect, test } from "vitest";
import type { Notebook } from "../notebooks/notebook";
import { page, prepare, rewriteLinks } from "./prepare";

function notebook(source: string): Notebook {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: "residual" } },
    cells: [{ id: "a", cell_type: "markdown", metadata: {}, source }],
  };
}

describe("rewriteLinks", () => {
  test("rewriteLinks() asks where files are, and leaves addresses and anchors", () => {
    const text =
      "[a](02-x.ipynb#b) [c](../docs/gpu.md) [d](https://e.example/f.ipynb) [g](#h) ![i](fig/j.png 'k') [![l](m.png)](n.md)";
    expect(rewriteLinks(text, (target) => `at/${target.replaceAll("../", "")}`)).toBe(
      "[a](at/02-x.ipynb#b) [c](at/docs/gpu.md) [d](https://e.example/f.ipynb) [g](#h) ![i](at/fig/j.png 'k') [![l](at/m.png)](at/n.md)",
    );
  });

  test("rewriteLinks() keeps the words of a link to what is on no site", () => {
    expect(rewriteLinks("see [the `wrong` [one]](a.ts#L1), [b](b.md)", (target) => (target === "a.ts" ? undefined : target))).toBe("see the `wrong` [one], [b](b.md)"); // prettier-ignore
  });
});

describe("prepare", () => {
  test("prepare() gives the title and leaves the notebook itself alone", () => {
    const own = page("02-b", "notebooks/02-b.ipynb", notebook("# B\n\n[c](03-c.ipynb)"));
    const made = prepare(own, (target) => target.replace("ipynb", "html"));
    expect(made.metadata).toEqual({ kernelspec: { name: "residual" }, title: "B" });
    expect(made.cells[0]!.source).toBe("# B\n\n[c](03-c.html)");
    expect(own.notebook.cells[0]!.source).toBe("# B\n\n[c](03-c.ipynb)");
  });

  test("prepare() opens what is folded below a question: a page shows the outputs too", () => {
    const text =
      "# A\n\n<details>\n<summary>Once it has run</summary>\n\nIt falls: [c](03-c.md).\n\n</details>";
    const made = prepare(page("01-a", "01-a.ipynb", notebook(text)), (target) => target);
    expect(made.cells[0]!.source).toBe("# A\n\nIt falls: [c](03-c.md).");
  });

  test("page() refuses a notebook without a title", () => {
    expect(() => page("01-x", "01-x.ipynb", notebook("no heading"))).toThrow(
      /01-x: the first cell must be Markdown/,
    );
  });
});
