// Predict first: a cell for the prediction below each question, and folded outputs until the next heading.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { joined, parseNotebook, type Cell } from "./notebook";
import { normalise } from "./normalise";
import {
  claimTag,
  isPrediction,
  predictionText,
  unfolded,
  withoutPredictions,
  withPredictions,
} from "./predictions";
import { listSources } from "./source";

const root = resolve(__dirname, "..", "..");
const markdown = (source: string): Cell => ({ id: "", cell_type: "markdown", metadata: {}, source });
const output = { output_type: "stream", name: "stdout", text: "42" } as const;
const code = (source: string, outputs: Cell["outputs"] = [output]): Cell => ({
  id: "",
  cell_type: "code",
  metadata: {},
  source,
  execution_count: 1,
  outputs,
});
const cells = [
  markdown("text"),
  code("before"),
  markdown("# A title\n\n**Predict, then run.** What comes?"),
  code("first"),
  code("silent", []),
  code("second"),
  markdown("We predict nothing here, and **predict** is a word."),
  code("with the answer in it too"),
  markdown("## A heading"),
  code("after"),
  markdown("## Predict, then run"),
  markdown("more text"),
  code("last"),
];

const normalised = (given: readonly Cell[]): Cell[] => [
  ...normalise({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [...given] }, "/nowhere").cells,
];

test("withPredictions() puts a cell below each question that code follows, and none anywhere else; twice is as once", () => {
  const once = withPredictions(cells);
  expect(once.map(({ source }) => joined(source))).toEqual([
    ...cells.slice(0, 3).map(({ source }) => source),
    predictionText,
    ...cells.slice(3).map(({ source }) => source),
  ]);
  expect(withPredictions(once)).toEqual(once);
  expect(withoutPredictions(once)).toEqual(cells);
});

test("normalise() folds what a question's code has shown, keeps it, and folds nothing else", () => {
  const written = normalised(cells);
  const hidden = written.filter(({ metadata }) => metadata["collapsed"] === true);
  expect(hidden.map(({ source }) => joined(source))).toEqual([
    "first",
    "second",
    "with the answer in it too",
  ]);
  for (const { metadata, outputs } of hidden) {
    expect(metadata["jupyter"]).toEqual({ outputs_hidden: true });
    expect(outputs).toHaveLength(1);
  }
  expect(normalised(written)).toEqual(written);
});

test("normalise() folds the code of a claim below a question, whether it prints or not, and no other code", () => {
  const claim = (source: string, outputs?: Cell["outputs"]): Cell => ({
    ...code(source, outputs),
    metadata: { tags: [claimTag] },
  });
  const written = normalised([
    claim("before"),
    ...cells.slice(2, 4),
    claim("prints"),
    claim("silent", []),
    cells[8]!,
    claim("after"),
  ]);
  const parts = Object.fromEntries(
    written.map(({ source, metadata }) => [joined(source), metadata["jupyter"]]),
  );
  expect(parts).toMatchObject({
    before: undefined,
    first: { outputs_hidden: true },
    prints: { outputs_hidden: true, source_hidden: true },
    silent: { source_hidden: true },
    after: undefined,
  });
  expect(parts["first"]).not.toHaveProperty("source_hidden");
  expect(parts["silent"]).not.toHaveProperty("outputs_hidden");
  expect(normalised(written)).toEqual(written);
});

test("unfolded() opens what is folded for those who can run the cells, and leaves other folds", () => {
  const fold = (summary: string, text: string) =>
    `<details>\n<summary>${summary}</summary>\n\n${text}\n\n</details>`;
  const hint = fold("A hint", "Look.");
  const text = `${fold("Once it has run", "It falls.\n\n$$ x $$")}\n\n${hint}\n\n${fold("Once it has run", "It rises.")}\n\n## On`;
  expect(unfolded(text)).toBe(`It falls.\n\n$$ x $$\n\n${hint}\n\nIt rises.\n\n## On`);
});

test("every fold in a chapter is written as unfolded() reads it, and stands below a question", () => {
  let folds = 0;
  for (const { source, output: path } of listSources(join(root, "notebooks"))) {
    let isBelow = false;
    for (const cell of parseNotebook(readFileSync(path, "utf8"), path).cells) {
      const text = joined(cell.source);
      if (cell.cell_type !== "markdown") continue;
      const before = text.split("<details>")[0]!;
      const own = text.split("<summary>Once it has run").length - 1;
      folds += own;
      expect(unfolded(text), source).not.toContain("Once it has run");
      if (own > 0) expect(isBelow && !/^#+ /m.test(before), `${source}: ${text.slice(0, 200)}`).toBe(true);
      isBelow = isPrediction(cell) || (isBelow && !/^#{1,6} /m.test(text));
    }
  }
  expect(folds).toBeGreaterThan(10);
});

test("normalise() opens what is no answer to a question any more", () => {
  const written = normalised(cells).map((cell) =>
    joined(cell.source).includes("**Predict") ? markdown("no question") : cell,
  );
  expect(normalised(withoutPredictions(written)).some(({ metadata }) => "collapsed" in metadata)).toBe(false);
});

test("every chapter's questions to predict have a cell to write into, and no output of theirs lies open", () => {
  let predictions = 0;
  for (const { output: path } of listSources(join(root, "notebooks"))) {
    const { cells: written } = parseNotebook(readFileSync(path, "utf8"), path);
    expect(
      normalised(written).map(({ metadata }) => metadata),
      path,
    ).toEqual(written.map(({ metadata }) => metadata));
    predictions += written.filter(isPrediction).length;
  }
  expect(predictions).toBeGreaterThan(20);
});
