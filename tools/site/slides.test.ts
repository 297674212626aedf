// What becomes of a chapter's cells on slides.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { joined, parseNotebook, type Cell, type Notebook, type Output } from "../notebooks/notebook";
import { withSlides } from "./slides";

const root = resolve(__dirname, "..", "..");

const markdown = (source: string): Cell => ({ id: "m", cell_type: "markdown", metadata: {}, source });
const code = (source: string, outputs: Output[] = [], tags: string[] = []): Cell => ({
  id: "c",
  cell_type: "code",
  metadata: { tags },
  source,
  outputs,
});
const text = (value: string): Output => ({ output_type: "stream", name: "stdout", text: value });
const figure: Output = { output_type: "display_data", data: { "application/vnd.plotly.v1+json": {} } };

const notebook = (...cells: Cell[]): Notebook => ({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells });
const slidesOf = (...cells: Cell[]) =>
  withSlides(notebook(...cells)).cells.map(({ metadata, source, outputs = [] }) => [
    (metadata["slideshow"] as { slide_type: string }).slide_type,
    (metadata["tags"] as string[] | undefined)?.includes("remove-input") ? outputs : joined(source),
  ]);

describe("withSlides()", () => {
  test("begins a column with each chapter and section, a slide with each smaller heading, and keeps a short text with them", () => {
    expect(slidesOf(markdown("# A\n\nOne.\n\n## B\n\nTwo.\n\nThree."), markdown("### C\n\nFour."))).toEqual([
      ["slide", "# A\n\nOne."],
      ["slide", "## B\n\nTwo."],
      ["-", "Three."],
      ["subslide", "### C\n\nFour."],
    ]);
  });

  test("cuts long text between paragraphs, and no sentence from its formula or list, no line of a derivation from its reason, nor a fold", () => {
    const long = `So ${"word ".repeat(150).trim()}.`;
    const cut = slidesOf(markdown(`## A\n\n${long}\n\n${long}\n\n$$ x $$\n\nwhere it is:\n\n- one\n- two`));
    expect(cut).toEqual([
      ["slide", `## A\n\n${long}`],
      ["subslide", `${long}\n\n$$ x $$\n\nwhere it is:\n\n- one\n- two`],
    ]);
    const fold = "<details>\n<summary>Solution</summary>\n\n```ts\nf(\n\n);\n```\n\n</details>";
    expect(slidesOf(markdown(`${fold}\n\nThen.`))).toEqual([
      ["-", fold],
      ["-", "Then."],
    ]);
    const derivation: Output = {
      output_type: "execute_result",
      data: { "text/markdown": "**Title.**\n\n$$ a $$\n\n✓ since b\n\n$$ c $$\n\n✓ since d" },
    };
    const parts = slidesOf(code("import x;", [derivation])).map(([, outputs]) =>
      (outputs as Output[]).map(({ data }) => data!["text/markdown"]),
    );
    expect(parts).toEqual([["**Title.**\n\n$$ a $$\n\n✓ since b"], ["$$ c $$\n\n✓ since d"]]);
  });

  test("shows short code with what it prints, and of long code, claims and drawings their outputs alone", () => {
    expect(slidesOf(code("print(1);", [text("1")]))).toEqual([
      ["subslide", "print(1);"],
      ["-", [text("1")]],
    ]);
    const long = "1;\n".repeat(15);
    expect(slidesOf(code(long, [text("1")]))).toEqual([["-", [text("1")]]]);
    expect(slidesOf(code("claim();", [text("holds")], ["claim"]))).toEqual([["-", [text("holds")]]]);
    expect(slidesOf(markdown("## A"), code("plot();", [figure]), code("plot();", [figure]))).toEqual([
      ["slide", "## A"],
      ["subslide", [figure]],
      ["subslide", [figure]],
    ]);
  });

  test("keeps the words of a link into the course, and a link that leads out", () => {
    expect(slidesOf(markdown("# A\n\n[b](../docs/b.md) [c](#d) [e](https://e.example/)"))).toEqual([
      ["slide", "# A\n\nb c [e](https://e.example/)"],
    ]);
  });

  test("loses no figure of a chapter, and gives each cell an id of its own", () => {
    const path = join(root, "notebooks", "07-the-loss-surface.ipynb");
    const chapter = parseNotebook(readFileSync(path, "utf8"), path);
    const figures = ({ cells }: Notebook) =>
      cells.flatMap(({ outputs = [] }) =>
        outputs.filter(({ data }) => data?.["application/vnd.plotly.v1+json"] !== undefined),
      );
    const made = withSlides(chapter);
    expect(figures(made)).toEqual(figures(chapter));
    expect(new Set(made.cells.map(({ id }) => id)).size).toBe(made.cells.length);
  });
});
