// Surfaces, heat maps and histograms on seeded data: what is drawn, with rounded numbers, and what is refused.
import { describe, expect, test } from "vitest";
import { randomStream } from "../random/index.js";
import { heatMap, histogram, surface, type Figure, type Grid } from "../namespaces/plot.js";

const rounded = ({ data, summary }: Figure): unknown =>
  JSON.parse(JSON.stringify({ data, summary }, (_key, value: unknown) => (typeof value === "number" ? Number(value.toPrecision(3)) : value))); // prettier-ignore

const stream = randomStream(4, "grid");
const grid: Grid = {
  x: [-1, 0, 1],
  y: [-1, 1],
  values: [1, 2].map(() => [1, 2, 3].map(() => 0.5 + stream.uniform())),
};
const axes = {
  title: "Loss",
  x: { title: "step along the first direction" },
  y: { title: "step along the second direction" },
  value: { title: "loss (nats)" },
};

describe.each([
  ["surface", surface],
  ["heatMap", heatMap],
] as const)("%s()", (_, draw) => {
  test("draws values and a path over a plane", () => {
    const path = { name: "training", x: [1, 0], y: [-1, 1], values: [1.2, 0.7] };
    expect(rounded(draw(grid, { ...axes, path }))).toMatchSnapshot();
  });

  test("raises logarithms where the scale is logarithmic", () => {
    const drawn = draw({ x: [0, 1], y: [0], values: [[10, 1000]] }, { ...axes, value: { title: "loss", scale: "log" } }); // prettier-ignore
    expect(drawn.data[0]!["z"]).toEqual([[1, 3]]);
    expect(drawn.summary).toContain("loss: 10 to 1000 over 1 x 2 points");
  });

  test("draws what lies outside of the range at its ends, so that two figures of one range have one scale", () => {
    const value = { title: "loss", scale: "log", range: [1, 100] } as const;
    const wide = draw({ x: [0, 1, 2], y: [0], values: [[0.1, 10, 1000]] }, { ...axes, value });
    const narrow = draw({ x: [0, 1], y: [0], values: [[2, 3]] }, { ...axes, value });
    expect(wide.data[0]!["z"]).toEqual([[0, 1, 2]]);
    const ends = ({ data: [drawn] }: Figure) => [drawn!["cmin"] ?? drawn!["zmin"], drawn!["cmax"] ?? drawn!["zmax"]]; // prettier-ignore
    expect([ends(wide), ends(narrow)]).toEqual([
      [0, 2],
      [0, 2],
    ]);
    expect(wide.summary).toMatch(/loss: 0.10* to 1000/);
    expect(() => draw(grid, { ...axes, value: { ...value, range: [3, 1] } })).toThrow("value.range must rise; got 3 to 1"); // prettier-ignore
    expect(() => draw(grid, { ...axes, value: { ...value, range: [0, 1] } })).toThrow("value.range must be"); // prettier-ignore
  });

  test.each<[Grid, string]>([
    [{ ...grid, y: [0] }, "rows of values must have 1 values; got 2"],
    [{ x: [0, 1], y: [0], values: [[1]] }, "row 1 must have 2 values; got 1"],
    [{ x: [0], y: [0], values: [[Infinity]] }, "row 1 must be finite numbers, or null for a gap; got Infinity at index 0"],
  ])("refuses %j", (bad, message) => {
    expect(() => draw(bad, axes)).toThrow(message);
  }); // prettier-ignore
});

test("heatMap() of square cells has one scale on both axes, to the cells' outer edges; any other word is refused", () => {
  const pixels = { x: [0, 1, 2, 3], y: [0, 1], values: [1, 2].map(() => [1, 2, 3, 4]) };
  const { xaxis, yaxis } = heatMap(pixels, { ...axes, cells: "square" }).layout as Record<string, object>;
  expect(xaxis).toMatchObject({ range: [-0.5, 3.5], constrain: "domain" });
  expect(yaxis).toMatchObject({ range: [-0.5, 1.5], scaleanchor: "x" });
  expect(heatMap({ x: [5], y: [7], values: [[1]] }, { ...axes, cells: "square" }).layout["xaxis"]).toMatchObject({ range: [4.5, 5.5] }); // prettier-ignore
  expect(heatMap(pixels, axes).layout["yaxis"]).not.toHaveProperty("scaleanchor");
  expect(() => heatMap(pixels, { ...axes, cells: "round" as "square" })).toThrow(
    /cells must be .*square.*got "round"/,
  );
});

describe("histogram()", () => {
  const options = { title: "Weights", x: { title: "weight" }, bins: 4 };

  test("counts each value once, the largest too, in bins of all samples", () => {
    const drawn = histogram([{ name: "a", values: [0, 1, 1.5, 4] }, { name: "b", values: [2] }], options); // prettier-ignore
    expect(drawn.data[0]).toMatchObject({ x: [0.5, 1.5, 2.5, 3.5], y: [0.25, 0.5, 0, 0.25], width: 1 });
    expect(drawn.data[1]).toMatchObject({ y: [0, 0, 1, 0] });
  });

  test("draws seeded values", () => {
    const random = randomStream(2, "values");
    const values = Array.from({ length: 500 }, () => random.normal());
    expect(rounded(histogram([{ name: "normal", values }], { ...options, bins: 7 }))).toMatchSnapshot();
  });

  test("refuses what it cannot count", () => {
    expect(() => histogram([{ name: "a", values: [] }], options)).toThrow(
      'at least one value in "a"; got none',
    );
    expect(() => histogram([{ name: "a", values: [Number.NaN] }], options)).toThrow(
      '"a" must be finite numbers',
    );
    expect(() => histogram([{ name: "a", values: [1] }], { ...options, bins: 0 })).toThrow("bins must be a whole number of at least 1; got 0"); // prettier-ignore
  });
});
