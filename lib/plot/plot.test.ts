// Figures on seeded data: what is drawn, with rounded numbers, and what is refused.
import { describe, expect, it } from "vitest";
import { randomStream } from "../random/index.js";
import {
  bars,
  dots,
  figure,
  heatMap,
  histogram,
  lines,
  scatter,
  show,
  surface,
  table,
  trainingCurves,
} from "../namespaces/plot.js";
import type { Figure } from "../namespaces/plot.js";

const axes = { title: "Losses", x: { title: "epoch" }, y: { title: "loss (nats)" } };

/** A figure's traces with numbers rounded to three digits, so that a snapshot outlives another machine's last bit. */
function rounded({ data }: Figure): unknown {
  const round = (_key: string, value: unknown): unknown =>
    typeof value === "number" ? Number(value.toPrecision(3)) : value;
  return JSON.parse(JSON.stringify(data, round));
}

const byName = (drawn: Figure, name: string): Record<string, unknown> => {
  const found = drawn.data.find((trace) => trace["name"] === name);
  if (!found) throw new Error(`no trace is named ${name}`);
  return found;
};

describe("trainingCurves()", () => {
  const random = randomStream(3, "curves");
  const runs = Array.from({ length: 3 }, () =>
    Array.from({ length: 4 }, (_, i) => 2 / (i + 1) + 0.1 * random.normal()),
  );

  it("draws the mean over the runs and a band from the lowest to the highest", () => {
    expect(rounded(trainingCurves([{ name: "plain", runs }], axes))).toMatchSnapshot();
  });

  it("reaches one sample standard deviation to each side with band: deviation", () => {
    // 1, 2, 3 and 6: mean 3, squares 4 + 1 + 0 + 9 = 14, deviation sqrt(14 / 3).
    const drawn = trainingCurves([{ name: "a", runs: [[1], [2], [3], [6]] }], { ...axes, band: "deviation" });
    expect(byName(drawn, "a")["y"]).toEqual([3]);
    expect((byName(drawn, "a, upper")["y"] as number[])[0]).toBeCloseTo(3 + Math.sqrt(14 / 3), 12);
    expect((byName(drawn, "a, lower")["y"] as number[])[0]).toBeCloseTo(3 - Math.sqrt(14 / 3), 12);
  });

  it("ticks at each epoch and nowhere between, as long as they are few", () => {
    const xaxis = (length: number) =>
      trainingCurves([{ name: "a", runs: [Array.from({ length }, () => 1)] }], axes).layout["xaxis"];
    expect(xaxis(5)).toMatchObject({ dtick: 1 });
    expect(xaxis(60)).not.toHaveProperty("dtick");
    const at = (x: number[]) => lines([{ name: "a", x, y: [1, 2] }], axes).layout["xaxis"];
    expect(at([0, 3])).toMatchObject({ dtick: 1 });
    expect(at([0, 0.5])).not.toHaveProperty("dtick");
  });

  it("leaves a gap where one run has a gap", () => {
    const drawn = trainingCurves(
      [
        {
          name: "a",
          runs: [
            [1, 2, 5],
            [3, null, 7],
          ],
        },
      ],
      axes,
    );
    expect(byName(drawn, "a")["y"]).toEqual([2, null, 6]);
    expect(byName(drawn, "a, upper")["y"]).toEqual([3, null, 7]);
  });

  it("draws no band for one run", () => {
    expect(trainingCurves([{ name: "a", runs: [[1, 2]] }], axes).data).toHaveLength(1);
  });

  it("draws every band below every line", () => {
    const drawn = trainingCurves(
      ["a", "b"].map((name) => ({ name, runs })),
      axes,
    );
    expect(drawn.data.map((trace) => trace["name"])).toEqual([
      "a, lower",
      "a, upper",
      "b, lower",
      "b, upper",
      "a",
      "b",
    ]);
  });

  it.each([
    [[[1, 2], [1]], '"a": run 2 must have 2 values; got 1'],
    [[[1, Number.NaN]], '"a": run 1 must be finite numbers, or null for a gap; got NaN at index 1'],
    [[[]], 'a figure needs at least one value in "a"; got none'],
    [[], 'a figure needs at least one run in "a"; got none'],
  ])("refuses runs %j", (bad, message) => {
    expect(() => trainingCurves([{ name: "a", runs: bad }], axes)).toThrow(new RangeError(message));
  });

  it("refuses a band that leaves a logarithmic axis", () => {
    const options = { ...axes, y: { title: "loss", scale: "log" as const }, band: "deviation" as const };
    expect(() => trainingCurves([{ name: "a", runs: [[0.1], [9]] }], options)).toThrow(
      /lower edge must be positive/,
    );
  });

  it("refuses a figure whose axis says nothing", () => {
    expect(() => trainingCurves([{ name: "a", runs }], { ...axes, y: { title: " " } })).toThrow(
      'a figure needs a y axis title that says what is shown; got " "',
    );
  });
});

describe("lines() and scatter()", () => {
  it("connect points or leave them alone", () => {
    const series = [{ name: "a", x: [10, 20], y: [1, null], errors: [0.5, null] }];
    expect(rounded(lines(series, axes))).toMatchSnapshot();
    expect(scatter(series, axes).data[0]).toMatchObject({ mode: "markers", x: [10, 20], y: [1, null] });
  });

  it("draw the seventh series with the first one's colour and another dash", () => {
    const drawn = lines(
      Array.from({ length: 7 }, (_, i) => ({ name: String(i), y: [i] })),
      axes,
    );
    const [first, seventh] = [drawn.data[0]!, drawn.data[6]!].map(
      (trace) => trace["line"] as Record<string, string>,
    );
    expect(seventh!["color"]).toBe(first!["color"]);
    expect(seventh!["dash"]).not.toBe(first!["dash"]);
  });

  it.each([
    [{ x: [1], y: [1, 2] }, '"a": x must have 2 values; got 1'],
    [{ y: [1, 2], errors: [0.1, -0.1] }, '"a": errors must not be negative; got -0.1 at index 1'],
    [{ y: [1, 2], errors: [0.1] }, '"a": errors must have 2 values; got 1'],
  ])("refuse %j", (bad, message) => {
    expect(() => lines([{ name: "a", ...bad }], axes)).toThrow(new RangeError(message));
  });

  it("draw a series that lies on an earlier one dashed and with open markers, and none that does not", () => {
    const y = [1, 2, 4, 8];
    const near = y.map((value) => value * 1.004);
    const apart = y.map((value) => 8 - value);
    const { data } = lines(
      [
        { name: "law", y },
        { name: "measured", y: near },
        { name: "apart", y: apart },
      ],
      axes,
    );
    expect(data.map((trace) => (trace["line"] as { dash: string }).dash)).toEqual(["solid", "dash", "solid"]);
    expect(data.map((trace) => (trace["marker"] as { symbol: string }).symbol)).toEqual([
      "circle",
      "square-open",
      "diamond",
    ]);
    const elsewhere = lines([{ name: "law", y }, { name: "later", y, x: [11, 12, 13, 14] }], axes); // prettier-ignore
    expect(elsewhere.data.map((trace) => (trace["line"] as { dash: string }).dash)).toEqual([
      "solid",
      "solid",
    ]);
    const small = y.map((value) => value / 1e6);
    const log = lines([{ name: "law", y: small }, { name: "twice", y: small.map((value) => 2 * value) }], { ...axes, y: { title: "norm", scale: "log" } }); // prettier-ignore
    expect(log.data.map((trace) => (trace["line"] as { dash: string }).dash)).toEqual(["solid", "solid"]);
  });

  it("write the ticks of a wide logarithmic axis as powers of ten, and those of a narrow one in full", () => {
    const ticks = (y: number[]): Record<string, unknown> =>
      lines([{ name: "a", y }], { ...axes, y: { title: "norm", scale: "log" } }).layout["yaxis"] as Record<
        string,
        unknown
      >;
    expect(ticks([1e-6, 1e3, 1e6])).toMatchObject({ dtick: 2, exponentformat: "power" });
    expect(ticks([1e-6, 1e3, 1e6])).not.toHaveProperty("tickformat");
    expect(ticks([0.08, 0.1, 20])).toMatchObject({ tickformat: ".6~g" });
    expect(ticks([0.08, 0.1, 20])).not.toHaveProperty("dtick");
  });

  it("take a range on a logarithmic axis in the data's own unit", () => {
    const drawn = lines([{ name: "a", y: [1] }], {
      ...axes,
      y: { title: "norm", scale: "log", range: [0.01, 10] },
    });
    expect((drawn.layout["yaxis"] as Record<string, unknown>)["range"]).toEqual([-2, 1]);
  });
});

describe("dots()", () => {
  const x = { title: "network", categories: ["plain-20", "plain-56"] };
  const options = { title: "Seeds", x, y: { title: "training error (%)" } };

  it("draws a dot for each run and a dash at their mean, and keeps the place of what has none", () => {
    const { data, layout, summary } = dots([{ name: "error", values: [[1, 3, null], []] }], options);
    // Dots at the axis's ends are whole.
    for (const trace of data) expect(trace).toMatchObject({ cliponaxis: false });
    expect(data[0]).toMatchObject({ x: ["plain-20", "plain-20"], y: [1, 3], mode: "markers" });
    expect(data[1]).toMatchObject({ x: ["plain-20"], y: [2], showlegend: false });
    expect(layout).toMatchObject({ xaxis: { categoryarray: x.categories, range: [-0.5, 1.5] } });
    expect(summary).toContain("error: plain-20 2 (1 to 3, 2 runs), plain-56 no run");
  });

  it("lays long names beside their dots, the first at the top, and refuses what it cannot draw", () => {
    const categories = ["constant", "exclusive", "convolution"].map((name) => `${name} on the shortcut`);
    const long = { ...options, x: { ...x, categories } };
    const { data, layout } = dots([{ name: "error", values: [[1], [2], [3]] }], long);
    expect(data[0]).toMatchObject({ x: [1, 2, 3] });
    expect(layout).toMatchObject({ yaxis: { range: [2.5, -0.5] } });
    expect(() => dots([{ name: "error", values: [[1]] }], options)).toThrow(
      '"error": values must have 2 values',
    );
    expect(() => dots([{ name: "error", values: [[1], [NaN]] }], options)).toThrow('"error", plain-56: values must be finite'); // prettier-ignore
  });
});

describe("bars()", () => {
  const options = { ...axes, x: { title: "images", categories: ["training", "test"] } };

  it("draws a bar and a whisker in each category", () => {
    expect(rounded(bars([{ name: "a", values: [1, 2], errors: [0.1, 0.2] }], options))).toMatchSnapshot();
  });

  it("lays bars down, first category on top, where their names would not fit below", () => {
    const categories = [
      "original",
      "shortcut-only gating",
      "constant scaling of both",
      "dropout",
      "exclusive gating",
    ];
    const drawn = bars([{ name: "a", values: [1, 2, 3, 4, 5], errors: [1, 1, 1, 1, 1] }], {
      ...axes,
      x: { title: "variant", categories },
    });
    expect(drawn.data[0]).toMatchObject({
      orientation: "h",
      x: [1, 2, 3, 4, 5],
      error_x: { array: [1, 1, 1, 1, 1] },
    });
    expect(drawn.data[0]!["y"]).toContain("constant scaling<br>of both");
    expect(drawn.layout["yaxis"]).toMatchObject({ title: { text: "variant" }, autorange: "reversed" });
    expect(drawn.layout["xaxis"]).toMatchObject({ title: { text: "loss (nats)" }, rangemode: "tozero" });
    const short = bars([{ name: "a", values: [1, 2, 3] }], {
      ...axes,
      x: { title: "unit", categories: ["1.1", "1.2", "1.3"] },
    });
    expect(short.data[0]).not.toHaveProperty("orientation");
  });

  it("refuses a series that has not one value a category", () => {
    expect(() => bars([{ name: "a", values: [1] }], options)).toThrow(
      '"a": values must have 2 values; got 1',
    );
  });
});

describe("summary", () => {
  it("says title, axes, last values and caption in words", () => {
    const drawn = trainingCurves(
      [
        {
          name: "plain",
          runs: [
            [2, 1.25, 0.5],
            [2, 1.75, 0.75],
          ],
        },
      ],
      {
        ...axes,
        y: { title: "loss (nats)", scale: "log" },
        caption: "Two seeds.",
      },
    );
    expect(drawn.summary).toBe(
      "Figure: Losses\nx: epoch; y: loss (nats) (logarithmic)\nplain: mean of 2 runs, 3 points, last 0.6250 at 3\nTwo seeds.",
    );
  });

  it("says each bar with its error", () => {
    const drawn = bars([{ name: "a", values: [12.345, null], errors: [0.5, null] }], {
      ...axes,
      x: { title: "images", categories: ["training", "test"] },
    });
    expect(drawn.summary).toContain("a: training 12.35 ± 0.5000, test missing");
  });
});

describe("show()", () => {
  it("hands plotly's data and the text to the notebook as one bundle", () => {
    const hookKey = Symbol.for("residual.display");
    const shown: unknown[] = [];
    Object.assign(globalThis, { [hookKey]: (...received: unknown[]) => shown.push(received) });
    try {
      const drawn = figure({ data: [{ type: "bar" }], layout: { height: 1 }, summary: "a bar" });
      show(drawn, { displayId: "live", update: true });
      const plotly = {
        data: drawn.data,
        layout: drawn.layout,
        config: { displaylogo: false },
      };
      expect(shown).toEqual([
        [
          { "application/vnd.plotly.v1+json": plotly, "text/plain": "a bar" },
          { displayId: "live", update: true },
        ],
      ]);
      // The bundle must survive the way through JSON.
      const [[bundle]] = shown as [[unknown]];
      expect(JSON.parse(JSON.stringify(bundle))).toEqual(bundle);
    } finally {
      Reflect.deleteProperty(globalThis, hookKey);
    }
  });
});

describe("figures of the paper's length", () => {
  it("take two series of 64,000 steps, and grids, tables and samples of as many values", () => {
    const steps = 64_000;
    const y = Array.from({ length: steps }, (_, i) => 1 / (i + 1));
    const series = ["plain", "residual"].map((name) => ({ name, y }));
    for (const draw of [lines, scatter]) expect(draw(series, axes).data).toHaveLength(2);
    const runs = series.map(({ name }) => ({ name, runs: [y, y] }));
    expect(trainingCurves(runs, axes).data).toHaveLength(6);
    expect(trainingCurves([{ name: "a", runs: y.map((value) => [value]) }], axes).data).toHaveLength(3);
    const side = Array.from({ length: 400 }, (_, i) => i);
    const grid = { x: side, y: side, values: side.map((i) => side.map((j) => i + j)) };
    const axesOfGrid = { ...axes, value: { title: "loss" } };
    for (const draw of [surface, heatMap]) expect(draw(grid, axesOfGrid).data).toHaveLength(1);
    const samples = { ...axes, x: { title: "loss" }, y: { title: "images" } };
    expect(histogram([{ name: "a", values: [...y, ...y, ...y] }], samples).data.length).toBeGreaterThan(0);
    const rows = Array.from({ length: 200_000 }, (_, i) => ({ step: i, loss: i / 3 }));
    expect(table(rows, { maxRows: rows.length }).text).toContain("step");
    const x = { title: "step", categories: Array.from({ length: 200_000 }, (_, i) => `c${i}`) };
    const values = x.categories.map((_, i) => i);
    expect(bars([{ name: "a", values }], { ...axes, x }).data).toHaveLength(1);
  });
});
