// The progress of a run: what is printed, and how long it says is left.
import { describe, expect, test } from "vitest";
import { formatBytes, formatSeconds } from "./duration";
import type { Notebook } from "./notebook";
import { cellIds } from "./normalise";
import { Progress } from "./progress";

const notebook: Notebook = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {},
  cells: [
    { id: "m", cell_type: "markdown", metadata: {}, source: "# Title" },
    { id: "a", cell_type: "code", metadata: {}, source: "// first\nconst a = 1;" },
    { id: "b", cell_type: "code", metadata: {}, source: "b();" },
  ],
};

function follow(timings: Record<string, number>): { progress: Progress; printed: string[] } {
  const printed: string[] = [];
  const write = (text: string): void => void printed.push(text);
  const progress = new Progress({
    name: "01-x",
    file: "01-x.ts",
    lines: [1, 4, 9],
    timings,
    write,
    terminal: false,
  });
  progress.onEvent({ event: "notebook", path: "01-x.ts", notebook });
  return { progress, printed };
}

describe("Progress", () => {
  test("Progress.onEvent() says how long is left when an earlier run is known", () => {
    const [, first, second] = cellIds(notebook.cells);
    const { progress, printed } = follow({ [first!]: 10, [second!]: 95 });
    progress.onEvent({ event: "start", cell: 1 });
    progress.onEvent({ event: "finish", cell: 1, seconds: 12 });
    expect(printed).toEqual([
      "01-x: 2 code cells, 1 min 45 s last time\n",
      "  cell 1 of 2 (01-x.ts:6: const a = 1;) 12 s, about 1 min 35 s left\n",
    ]);
    expect(progress.measured).toEqual({ [first!]: 12 });
  });

  test("Progress.onEvent() guesses nothing when a remaining cell has never run", () => {
    const [, first] = cellIds(notebook.cells);
    const { progress, printed } = follow({ [first!]: 10 });
    progress.onEvent({ event: "finish", cell: 1, seconds: 12 });
    expect(printed.join("")).not.toMatch(/left|last time/);
  });

  test("Progress.describe() gives cell, line and traceback, without colours outside a terminal", () => {
    const { progress } = follow({});
    const traceback = ["\x1b[31mError\x1b[39m: no", "    at cell:1:1"];
    const text = progress.describe({
      event: "error",
      cell: 2,
      kind: "error",
      ename: "Error",
      evalue: "no",
      traceback,
    });
    expect(text).toBe("01-x stopped in cell 2 of 2 (01-x.ts:10: b();)\nError: no\n    at cell:1:1\n");
  });
});

describe("durations", () => {
  test("formatSeconds() carries rounding into the next unit", () => {
    expect([0.04, 9.96, 59.6, 61, 3599.7, 3725].map(formatSeconds)).toEqual([
      "0.0 s",
      "10 s",
      "1 min 00 s",
      "1 min 01 s",
      "1 h 00 min",
      "1 h 02 min",
    ]);
  });

  test("formatBytes() changes to GiB before four digits", () => {
    expect([812 * 2 ** 20, 1023 * 2 ** 20].map(formatBytes)).toEqual(["812 MiB", "1.0 GiB"]);
  });
});
