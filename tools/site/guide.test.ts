// The teaching guide as a page: links and anchors that hold beside the chapters.
import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { asPage, guidePage } from "./guide";

test("asPage() turns a text of docs/ into a page beside the chapters", () => {
  const text =
    "# Teaching\n\nFor you: [start](#What-to-do), [where](#what-to-do), [grade](grading.md#late), [run](../README.md), " +
    "[02](../notebooks/02-x.ipynb), [exercise](../exercises/02-y/02-y.ipynb), [out](https://a.example/).\n\n## What to do\n";
  const { name, title, notebook } = asPage(text);
  expect([name, title]).toEqual(["teaching", "Teaching"]);
  expect(notebook.cells[0]!.source).toBe(
    "# Teaching\n\nFor you: [start](#What-to-do), [where](#What-to-do), [grade](../docs/grading.md#late), [run](../README.md), " +
      "[02](02-x.ipynb), [exercise](../exercises/02-y/02-y.ipynb), [out](https://a.example/).\n\n## What to do\n",
  );
});

test("guidePage() gives nothing where a repository has no guide, as learners' have none", () => {
  expect(guidePage(tmpdir())).toBeUndefined();
});
