// Normalising: what differs between two runs goes, what is a result stays.
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { kernelInfo } from "../../kernel/language";
import { formatNotebook, type Cell, type Notebook, type Output } from "./notebook";
import { cellIds, normalise as normaliseIn } from "./normalise";

const root = resolve("course");
const normalise = (one: Notebook): Notebook => normaliseIn(one, root);

function code(source: string, outputs: Output[] = [], extra: Partial<Cell> = {}): Cell {
  return { id: "x", cell_type: "code", metadata: {}, source, outputs, execution_count: 7, ...extra };
}

function notebook(...cells: Cell[]): Notebook {
  return { nbformat: 4, nbformat_minor: 5, metadata: { language_info: { version: "6.0.3" } }, cells };
}

const stream = (name: string, text: string): Output => ({ output_type: "stream", name, text });

describe("normalise", () => {
  test("normalise() gives the same bytes for two runs that differ in chunks, ids, counts, versions and timings", () => {
    const first = notebook(
      code("a", [stream("stdout", "one\n"), stream("stdout", "two\n")], {
        id: "r4nd0m",
        metadata: { execution: { "iopub.status.busy": "2030-01-01" } },
      }),
      code("b", [
        { output_type: "execute_result", data: { "text/plain": "2" }, metadata: {}, execution_count: 9 },
      ]),
    );
    const second = notebook(
      code("a", [stream("stdout", "one\ntwo\n")], { id: "0ther", execution_count: 1 }),
      code("b", [
        { output_type: "execute_result", data: { "text/plain": "2" }, metadata: {}, execution_count: 4 },
      ]),
    );
    second.metadata = { language_info: { version: "7" } };
    expect(formatNotebook(normalise(first))).toBe(formatNotebook(normalise(second)));
  });

  test("normalise() gives a figure the viewer's settings of today, and leaves what it shows", () => {
    const shown = (config: object): Output => ({
      output_type: "display_data",
      metadata: {},
      data: { "application/vnd.plotly.v1+json": { data: [{ y: [1, 2] }], layout: { height: 400 }, config } },
    });
    const { cells } = normalise(notebook(code("a", [shown({ responsive: true })])));
    expect(cells[0]!.outputs).toEqual([shown({ displaylogo: false })]);
  });

  test("normalise() writes of the language what the kernel says, word for word", () => {
    expect(normalise(notebook()).metadata["language_info"]).toEqual(kernelInfo["language_info"]);
  });

  test("normalise() counts executed cells from 1, and results with their cell", () => {
    const result: Output = { output_type: "execute_result", data: {}, metadata: {}, execution_count: 30 };
    const markdown: Cell = { id: "m", cell_type: "markdown", metadata: {}, source: "text" };
    const { cells } = normalise(notebook(code("a"), markdown, code(" \n"), code("b", [result])));
    expect(cells.map((cell) => cell.execution_count)).toEqual([1, undefined, null, 2]);
    expect(cells[3]!.outputs![0]!.execution_count).toBe(2);
  });

  test("normalise() shortens paths within the repository in streams, errors and data, and no others", () => {
    const inside = `at fit (${join(root, "lib", "fit.ts")}:3:1)`;
    const outside = `at ${join(resolve("elsewhere"), "fit.ts")}:3:1`;
    const short = `at fit (${join("lib", "fit.ts")}:3:1)`;
    const { cells } = normalise(
      notebook(
        code("a", [
          stream("stderr", `${inside}\n${outside}`),
          { output_type: "error", ename: "Error", evalue: inside, traceback: [inside, outside] },
          { output_type: "display_data", data: { "text/plain": inside }, metadata: {} },
        ]),
      ),
    );
    expect(cells[0]!.outputs).toEqual([
      { output_type: "stream", name: "stderr", text: [`${short}\n`, outside] },
      { output_type: "error", ename: "Error", evalue: short, traceback: [short, outside] },
      { output_type: "display_data", data: { "text/plain": [short] }, metadata: {} },
    ]);
  });

  test("normalise() drops transient displays and joins the streams around them", () => {
    const progress: Output = {
      output_type: "display_data",
      data: { "text/plain": "17 s" },
      metadata: { residual: { transient: true } },
    };
    const kept: Output = { output_type: "display_data", data: { "text/plain": "loss" }, metadata: {} };
    const { cells } = normalise(
      notebook(
        code("a", [stream("stdout", "a"), progress, stream("stdout", "b\n"), kept, stream("stderr", "c")]),
      ),
    );
    expect(cells[0]!.outputs).toEqual([
      { output_type: "stream", name: "stdout", text: ["ab\n"] },
      { output_type: "display_data", data: { "text/plain": ["loss"] }, metadata: {} },
      { output_type: "stream", name: "stderr", text: ["c"] },
    ]);
  });

  test("normalise() keeps of a line overwritten by carriage returns what a terminal shows", () => {
    const { cells } = normalise(notebook(code("a", [stream("stdout", "1 %\r50 %\r100 %\ndone\r\n")])));
    expect(cells[0]!.outputs![0]!.text).toEqual(["100 %\n", "done\n"]);
  });

  test("normalise() leaves figures and errors as they are", () => {
    const figure = {
      "application/vnd.plotly.v1+json": { data: [{ y: [1, 2.5] }], layout: {} },
      "image/png": "iVBO\n",
    };
    const error: Output = { output_type: "error", ename: "Error", evalue: "no", traceback: ["at cell 1"] };
    const { cells } = normalise(
      notebook(code("a", [{ output_type: "display_data", data: figure, metadata: {} }, error])),
    );
    expect(cells[0]!.outputs).toEqual([{ output_type: "display_data", data: figure, metadata: {} }, error]);
  });

  test("cellIds() keeps the ids of other cells when one is inserted, and tells equal cells apart", () => {
    const before = cellIds([code("a"), code("b"), code("a")]);
    const after = cellIds([code("a"), code("new"), code("b"), code("a")]);
    expect([after[0], after[2], after[3]]).toEqual(before);
    expect(new Set(after).size).toBe(4);
    for (const id of after) expect(id).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
  });

  test("formatNotebook() sorts keys and keeps the order of arrays", () => {
    const text = formatNotebook(notebook(code("b", [], { metadata: { tags: ["z", "a"] } })));
    expect(text.indexOf('"cells"')).toBeLessThan(text.indexOf('"nbformat"'));
    expect(text.indexOf('"z"')).toBeLessThan(text.indexOf('"a"'));
    expect(text.endsWith("}\n")).toBe(true);
  });
});
