// What shows itself in a notebook beside figures: tensors, records, formulas, pictures, progress bars, curves that grow.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  clearOutput,
  image,
  jupyterDisplay,
  latex,
  liveCurves,
  markdown,
  progress,
  recordsTable,
  showTensor,
  table,
  type DisplayOptions,
  type MimeBundle,
  type TensorLike,
} from "../namespaces/plot.js";

const globals = globalThis as Record<symbol, unknown>;
const displayKey = Symbol.for("residual.display");
const clearKey = Symbol.for("residual.clearOutput");
let shown: { bundle: MimeBundle; options: DisplayOptions }[];

beforeEach(() => {
  shown = [];
  vi.useFakeTimers();
  globals[displayKey] = (bundle: MimeBundle, options: DisplayOptions) => shown.push({ bundle, options });
});
afterEach(() => {
  vi.useRealTimers();
  Reflect.deleteProperty(globals, displayKey);
  Reflect.deleteProperty(globals, clearKey);
});

const text = async (
  tensor: Omit<TensorLike, "data" | "isDisposed">,
  values: ArrayLike<number> | string[],
) => {
  const data = (): Promise<ArrayLike<number> | string[]> => Promise.resolve(values);
  return (await showTensor({ ...tensor, isDisposed: false, data }))["text/plain"];
};

describe("showTensor()", () => {
  it("shows type, shape and all of few values, aligned", async () => {
    expect(await text({ dtype: "float32", shape: [2, 3] }, [1, -2.5, 3, 4, 5, 6.25])).toBe(
      "Tensor float32 [2, 3]\n[[ 1.00, -2.50,  3.00],\n [ 4.00,  5.00,  6.25]]",
    );
    expect(await text({ dtype: "int32", shape: [] }, [7])).toBe("Tensor int32 []\n7");
  });

  it("cuts long dimensions and tells range, mean and what is not finite", async () => {
    const values = Float32Array.from({ length: 400 }, (_, i) => i);
    values[5] = NaN;
    values[6] = Infinity;
    const shownText = await text({ dtype: "float32", shape: [20, 20], name: "w" }, values);
    const [heading, ...rows] = shownText.split("\n");
    expect(heading).toBe("Variable w float32 [20, 20], 0 to 399, mean 200.5, 1 NaN, 1 infinite");
    expect(rows).toHaveLength(7);
    expect(rows[0]).toBe("[[  0,   1,   2, …,  17,  18,  19],");
    expect(rows[3]).toBe(" …,");
    expect(rows[6]).toBe(" [380, 381, 382, …, 397, 398, 399]]");
  });

  it("stays short however many dimensions there are", async () => {
    const shape = [6, 6, 6, 6, 6];
    const shownText = await text({ dtype: "float32", shape }, new Float32Array(6 ** 5));
    expect(shownText.split("\n").length).toBeLessThan(80);
  });

  it("shows texts, truths, complex numbers and no values", async () => {
    expect(await text({ dtype: "string", shape: [1] }, ["a\n"])).toBe('Tensor string [1]\n["a\\n"]');
    expect(await text({ dtype: "bool", shape: [2] }, [1, 0])).toBe("Tensor bool [2]\n[ true, false]");
    expect(await text({ dtype: "complex64", shape: [1] }, [1, -2])).toBe("Tensor complex64 [1]\n[1 - 2i]");
    expect(await text({ dtype: "float32", shape: [0, 3] }, [])).toBe("Tensor float32 [0, 3], no values");
  });

  it("says that a tensor is disposed, and does not read it", async () => {
    const data = (): Promise<never> => Promise.reject(new Error("read"));
    const bundle = await showTensor({ dtype: "float32", shape: [2], isDisposed: true, data });
    expect(bundle["text/plain"]).toBe(
      "Tensor float32 [2], disposed: its memory is free and its values are gone",
    );
  });
});

describe("recordsTable()", () => {
  it("makes a table of records, with every field that one of them has, escaped", () => {
    const records = [
      { depth: 20, note: "<b>" },
      { depth: 56, loss: 0.5 },
    ];
    const { text: asText, html } = recordsTable(records)!;
    expect(asText.split("\n")).toEqual([
      "depth  note  loss",
      "─────  ────  ────",
      "   20  <b>      –",
      "   56  –      0.5",
    ]);
    expect(html).toContain("&lt;b&gt;");
    expect(html).not.toContain("<b>");
  });

  it("counts the rows, columns and letters that it leaves out", () => {
    const wide = Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`c${String(i)}`, "x".repeat(200)]));
    const { text: asText, html } = recordsTable(Array.from({ length: 1500 }, () => wide))!;
    expect(asText).toMatch(/… 5 more/);
    expect(asText).toMatch(/… 1400 more rows$/);
    expect(html).toContain("… 1400 more rows");
    expect(html.match(/<tr>/g)).toHaveLength(1 + 100 + 1);
    expect(asText).not.toContain("x".repeat(120));
  });

  it.each([[[]], [[1, 2]], [[{ a: [1] }]], [[new Map()]], [[{}]], ["text"], [[{ a: 1 }, null]]])(
    "leaves %j to others",
    (value) => {
      expect(recordsTable(value)).toBeUndefined();
    },
  );

  it("table() refuses a bound that is none", () => {
    expect(() => table([{ a: 1 }], { maxRows: 0 })).toThrow(
      "maxRows must be a whole number of at least 1; got 0",
    );
  });
});

describe("content", () => {
  it("latex() puts dollars around a formula, and refuses those that are there", () => {
    expect(latex("x^2")[jupyterDisplay]()).toEqual({ "text/latex": "$$x^2$$", "text/plain": "x^2" });
    expect(latex("x", { style: "inline" })[jupyterDisplay]()["text/latex"]).toBe("$x$");
    expect(() => latex("$x$")).toThrow("a formula is written without dollars around it; got $x$");
    expect(() => latex(" ")).toThrow(RangeError);
  });

  it("markdown() is its own text", () => {
    expect(markdown("**a**")[jupyterDisplay]()).toEqual({ "text/markdown": "**a**", "text/plain": "**a**" });
  });

  it("image() gives PNG bytes, each pixel as a square of the zoom", () => {
    const png = image(Uint8Array.of(0, 255), [1, 2, 1], { alt: "Two", zoom: 3 })[jupyterDisplay]();
    const bytes = png["image/png"] as Uint8Array;
    expect([...bytes.subarray(0, 4)]).toEqual([137, 80, 78, 71]);
    expect([...bytes.subarray(16, 24)]).toEqual([0, 0, 0, 6, 0, 0, 0, 3]); // width, height
    expect(png["text/plain"]).toBe("Two, 1x2 pixels");
    expect(() => image(new Uint8Array(1), [1, 1, 1], { zoom: 0.5 })).toThrow(/zoom must be a whole number/);
  });
});

describe("progress()", () => {
  const lines = (): string[] => shown.map(({ bundle }) => bundle["text/plain"]);

  it("hands on every item, and replaces one transient output with rate and time left", () => {
    const seen: number[] = [];
    for (const item of progress([10, 20, 30, 40], { label: "runs", unit: "runs" })) {
      seen.push(item);
      vi.advanceTimersByTime(500);
    }
    expect(seen).toEqual([10, 20, 30, 40]);
    expect(lines()).toEqual([
      "runs: [....................] 0/4",
      "runs: [#####...............] 1/4, 2 runs/s, 2 s left",
      "runs: [##########..........] 2/4, 2 runs/s, 1 s left",
      "runs: [###############.....] 3/4, 2 runs/s, 1 s left",
      "runs: [####################] 4/4, 2 runs/s, 0 s left",
      "runs: 4/4 after 2 s",
    ]);
    expect(new Set(shown.map(({ options }) => options.displayId)).size).toBe(1);
    expect(shown.map(({ options }) => options.update)).toEqual([false, true, true, true, true, true]);
    expect(shown.every(({ options }) => options.transient)).toBe(true);
    expect(shown[2]!.bundle["text/html"]).toMatch(/^<progress value="0.500"/);
  });

  it("draws four times a second, however many items there are", () => {
    let seen = 0;
    for (const item of progress(1000)) {
      seen += item;
      vi.advanceTimersByTime(1);
    }
    expect(seen).toBe(499_500);
    expect(shown.length).toBeLessThanOrEqual(6);
  });

  it("says where a loop was left", () => {
    for (const item of progress(new Set([1, 2, 3]))) if (item === 2) break;
    expect(lines().at(-1)).toBe("stopped at 1/3 after 0 s");
    expect(shown.at(-1)!.bundle["text/html"]).toMatch(/^<progress value="0.333"/);
  });

  it("goes over what comes later, and counts where there is no total", async () => {
    async function* letters(): AsyncGenerator<string> {
      yield "a";
      await Promise.resolve();
      yield "b";
    }
    const seen: string[] = [];
    for await (const letter of progress(letters())) seen.push(letter);
    expect(seen).toEqual(["a", "b"]);
    expect(lines().at(-1)).toBe("2 after 0 s");
  });

  it("refuses a total that is none", () => {
    expect(() => progress(1.5)).toThrow(
      "a progress bar's total must be a whole number of at least 0; got 1.5",
    );
  });
});

describe("liveCurves()", () => {
  const options = { title: "T", x: { title: "step" }, y: { title: "loss" } };

  it("replaces one figure at most twice a second, and draws the last points unasked", () => {
    const curves = liveCurves(options);
    for (let step = 1; step <= 100; step++) {
      curves.add("a", step, 1 / step);
      vi.advanceTimersByTime(10);
    }
    expect(shown.map(({ options: { update } }) => update)).toEqual([false, true, true]);
    curves.add("a", 101, 1 / 100);
    vi.advanceTimersByTime(1000);
    expect(shown).toHaveLength(4);
    expect(shown.at(-1)!.bundle["text/plain"]).toContain("101 points, last 0.01");
    expect(new Set(shown.map(({ options: { displayId } }) => displayId)).size).toBe(1);
  });

  it("never throws in a timer: what an axis cannot show is a gap or refused at once, and a failing display is told by the next call", () => {
    const curves = liveCurves({ ...options, y: { title: "loss", scale: "log" } });
    curves.add("a", 1, 1);
    for (const y of [0, -1, NaN, Infinity]) curves.add("a", 2, y);
    vi.advanceTimersByTime(1000);
    expect(shown).toHaveLength(2);
    expect(() => { curves.add("a", NaN, 1); }).toThrow('"a": x must be finite numbers, or null for a gap; got NaN at index 0'); // prettier-ignore
    const onLog = liveCurves({ ...options, x: { title: "step", scale: "log" } });
    expect(() => { onLog.add("a", 0, 1); }).toThrow('"a": x must be positive on a logarithmic axis; got 0'); // prettier-ignore
    expect(() => liveCurves({ ...options, title: "" })).toThrow("a figure needs a title");

    const failing = liveCurves(options);
    failing.add("a", 1, 1);
    const hook = globals[displayKey];
    globals[displayKey] = () => { throw new Error("the display is gone"); }; // prettier-ignore
    failing.add("a", 2, 1);
    expect(() => { vi.advanceTimersByTime(1000); }).not.toThrow(); // prettier-ignore
    globals[displayKey] = hook;
    expect(() => { failing.add("a", 3, 1); }).toThrow("the display is gone"); // prettier-ignore
    failing.add("a", 4, 1);
    failing.end();
  });

  it("takes transient curves away when they end, and no later drawing brings them back", () => {
    const curves = liveCurves({ ...options, transient: true });
    for (let step = 1; step <= 3; step++) curves.add("a", step, 1);
    curves.end();
    vi.advanceTimersByTime(2000);
    expect(shown.at(-1)!.bundle).toEqual({ "text/plain": "", "text/html": "" });
    expect(shown.every(({ options: { transient } }) => transient === true)).toBe(true);
    expect(new Set(shown.map(({ options: { displayId } }) => displayId)).size).toBe(1);
  });

  it("thins long curves and keeps their ends; what is not finite is a gap", () => {
    const curves = liveCurves({ ...options, points: 5 });
    for (let step = 1; step <= 101; step++) curves.add("a", step, step === 51 ? NaN : step);
    const { x, y } = curves.figure.data[0] as unknown as { x: number[]; y: (number | null)[] };
    expect(x).toEqual([1, 26, 51, 76, 101]);
    expect(y).toEqual([1, 26, null, 76, 101]);
    curves.end();
  });
});

describe("clearOutput()", () => {
  it("asks the kernel, and does nothing where there is none", () => {
    expect(() => {
      clearOutput();
    }).not.toThrow();
    const hook = vi.fn();
    globals[clearKey] = hook;
    clearOutput({ wait: true });
    expect(hook).toHaveBeenCalledWith({ wait: true });
  });
});
