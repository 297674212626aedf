// Markdown brought into an executed notebook: outputs stay with the code that made them.
import { describe, expect, test } from "vitest";
import type { Cell, Notebook } from "./notebook";
import { withProse } from "./prose";

const markdown = (source: string): Cell => ({ id: "", cell_type: "markdown", metadata: {}, source });
const code = (source: string, printed?: string, tags: string[] = []): Cell => ({
  id: "",
  cell_type: "code",
  metadata: tags.length > 0 ? { tags } : {},
  source,
  execution_count: null,
  outputs: printed === undefined ? [] : [{ output_type: "stream", name: "stdout", text: printed }],
});
const notebook = (...cells: Cell[]): Notebook => ({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells });

describe("withProse()", () => {
  const executed = notebook(
    markdown("# Old"),
    code("one", "1"),
    markdown("gone"),
    code("two", "2", ["remove-input"]),
  );

  test("withProse() changes, adds and drops Markdown, and leaves each output with its code", () => {
    const source = notebook(
      markdown("# New"),
      code("one"),
      code("two", undefined, ["remove-input"]),
      markdown("added"),
    );
    const made = withProse(source, executed, "01-a");
    expect(made.cells.map((cell) => cell.source)).toEqual(["# New", "one", "two", "added"]);
    expect(made.cells.map((cell) => cell.outputs?.[0]?.text)).toEqual([undefined, "1", "2", undefined]);
  });

  test.each([
    ["changed", [code("one"), code("three", undefined, ["remove-input"])], 2],
    ["tagged otherwise", [code("one"), code("two")], 2],
    ["added", [code("zero"), code("one"), code("two", undefined, ["remove-input"])], 1],
    ["gone", [code("one")], 2],
  ])("withProse() refuses a notebook in which a code cell is %s", (_, cells, cell) => {
    expect(() => withProse(notebook(...cells), executed, "01-a")).toThrow(
      `code cell ${cell} of 01-a is not the one that was executed; run: npm run notebooks -- 01`,
    );
  });

  test("withProse() brings the tag by which a claim's code is folded", () => {
    const made = withProse(notebook(code("one", undefined, ["claim"])), notebook(code("one", "1")), "01-a");
    expect(made.cells[0]!.metadata["tags"]).toEqual(["claim"]);
    expect(made.cells[0]!.outputs?.[0]?.text).toBe("1");
  });

  const question = (words: string, answer: string, rest: string) =>
    `// ${words}\nconst units: number | undefined = ${answer};\n\ncheck.answer(units, ${rest});`;

  test("withProse() changes a question that nobody has answered, which gives the same output", () => {
    const open = "Not answered yet";
    const made = withProse(
      notebook(code(question("How many units?", "undefined", '"0 5eafb042", { hint: "Count." }'))),
      notebook(code(question("How many?", "undefined", '"0 00000000", { hint: "Look." }'), open)),
      "01-a",
    );
    expect(made.cells[0]!.source).toContain("How many units?");
    expect(made.cells[0]!.outputs?.[0]?.text).toBe(open);
  });

  test.each([
    ["was answered", "18", "undefined", ""],
    ["is answered", "undefined", "18", ""],
    ["does more", "undefined", "undefined", "\nconsole.log(units);"],
  ])("withProse() refuses a changed question that %s", (_, before, after, more) => {
    const cell = (answer: string, hint: string, end: string) =>
      code(question("How many?", answer, `"0 5eafb042", { hint: "${hint}" }`) + end);
    const [source, ran] = [notebook(cell(after, "New.", more)), notebook(cell(before, "Old.", ""))];
    expect(() => withProse(source, ran, "01-a")).toThrow(
      "code cell 1 of 01-a is not the one that was executed",
    );
  });
});
