// What cells show while they run, as messages: values at once, values that must be waited for, clearing.
import { beforeEach, describe, expect, it } from "vitest";
import { Displays, type OutputType } from "./display";

interface CellGlobals {
  display: typeof display;
  clearOutput: typeof clearOutput;
  progress: typeof progress;
}

describe("Displays", () => {
  let sent: [OutputType, Record<string, unknown>][];
  let displays: Displays;
  let cell: CellGlobals;

  beforeEach(() => {
    sent = [];
    displays = new Displays((type, content) => sent.push([type, content]));
    cell = {} as CellGlobals;
    displays.install(cell);
  });

  it("shows at once what can be told at once, and replaces it by its id", () => {
    void cell.display({ a: 1 }, { id: "one" });
    void cell.display({ "text/html": "<b>2</b>" }, { id: "one", update: true });
    expect(sent).toEqual([
      [
        "display_data",
        { data: { "text/plain": "{ a: 1 }" }, metadata: {}, transient: { display_id: "one" } },
      ],
      [
        "update_display_data",
        {
          data: { "text/html": "<b>2</b>", "text/plain": "text/html" },
          metadata: {},
          transient: { display_id: "one" },
        },
      ],
    ]);
  });

  it("takes the place of what must be waited for, so that the order is the cell's", async () => {
    const data = (): Promise<number[]> => Promise.resolve([1, 2]);
    void cell.display({ dataId: {}, dtype: "int32", shape: [2], isDisposed: false, data });
    void cell.display("after");
    await displays.settled();
    expect(sent.map(([type, { data: bundle }]) => [type, bundle])).toEqual([
      ["display_data", { "text/plain": "…" }],
      ["display_data", { "text/plain": "after" }],
      ["update_display_data", { "text/plain": "Tensor int32 [2]\n[1, 2]" }],
    ]);
    expect(sent[2]![1]["transient"]).toEqual(sent[0]![1]["transient"]);
  });

  it("tells the caller what went wrong, and is not held up by it", async () => {
    const failing = { [Symbol.for("Jupyter.display")]: () => Promise.reject(new Error("no picture")) };
    await expect(cell.display(failing)).rejects.toThrow("no picture");
    await displays.settled();
  });

  it("clears, at once or with the next output", () => {
    cell.clearOutput();
    cell.clearOutput({ wait: true });
    expect(sent).toEqual([
      ["clear_output", { wait: false }],
      ["clear_output", { wait: true }],
    ]);
  });
});
