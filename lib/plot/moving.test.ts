// Moving figures: what each step of the slider draws, on axes that stay, and what is refused.
import { describe, expect, it } from "vitest";
import { bars, heatMap, jupyterDisplay, lines, moving, surface, type Figure } from "../namespaces/plot.js";

const axes = { title: "A bowl", x: { title: "weight" }, y: { title: "loss" } };
const bowl = (curvature: number, more: object = {}): Figure =>
  lines([{ name: "loss", x: [-1, 0, 1], y: [curvature, 0, curvature] }], { ...axes, ...more });
const bowls = (...curvatures: readonly number[]) =>
  curvatures.map((curvature) => ({ label: `c = ${String(curvature)}`, figure: bowl(curvature) }));

describe("moving()", () => {
  it("has a frame for each step, named as the slider names it, and draws the shown one first", () => {
    const drawn = moving(bowls(1, 2, 4), { slider: "curvature", shown: "c = 4" });
    expect(drawn.frames!.map(({ name, data }) => [name, data[0]!["y"]])).toEqual([
      ["c = 1", [1, 0, 1]],
      ["c = 2", [2, 0, 2]],
      ["c = 4", [4, 0, 4]],
    ]);
    expect(drawn.data[0]).toMatchObject({ name: "loss", x: [-1, 0, 1], y: [4, 0, 4] });
    const [slider] = drawn.layout["sliders"] as { active: number; steps: { args: [string[]] }[] }[];
    expect(slider!.active).toBe(2);
    expect(slider!.steps.map(({ args }) => args[0])).toEqual([["c = 1"], ["c = 2"], ["c = 4"]]);
    expect(drawn[jupyterDisplay]()["application/vnd.plotly.v1+json"]).toHaveProperty("frames.length", 3);
    expect(drawn.summary).toContain("A slider changes curvature: c = 1, c = 2, c = 4; shown: c = 4");
  });

  it("shows the middle step where none is named", () => {
    expect(moving(bowls(1, 2, 4), { slider: "curvature" }).data[0]!["y"]).toEqual([2, 0, 2]);
  });

  it("has one range an axis, which holds every step and the ends of its whiskers", () => {
    const range = (figure: Figure, axis = "yaxis") =>
      (figure.layout[axis] as { range: readonly [number, number] }).range;
    const [low, high] = range(moving(bowls(1, 4), { slider: "curvature" }));
    expect([low, high]).toEqual([-0.24, 4.24]);
    const logarithmic = [1, 1000].map((value) => ({
      label: String(value),
      figure: lines([{ name: "loss", y: [value, 10 * value] }], { ...axes, y: { title: "loss", scale: "log" } }), // prettier-ignore
    }));
    expect(range(moving(logarithmic, { slider: "value" }))).toEqual([-0.24, 4.24]);
    const bar = (value: number) =>
      bars([{ name: "a", values: [value], errors: [1] }], {
        ...axes,
        x: { title: "x", categories: ["one"] },
      });
    const both = [2, 9].map((value) => ({ label: String(value), figure: bar(value) }));
    expect(range(moving(both, { slider: "value" }))).toEqual([0, 10.6]);
    const given = [1, 4].map((curvature) => ({
      label: String(curvature),
      figure: bowl(curvature, { y: { title: "loss", range: [0, 100] } }),
    }));
    expect(range(moving(given, { slider: "curvature" }))).toEqual([0, 100]);
  });

  it("gives a heat map's colours one meaning at all steps", () => {
    const map = (top: number) =>
      heatMap({ x: [0, 1], y: [0, 1], values: [[0, 1], [2, top]] }, { ...axes, value: { title: "loss" } }); // prettier-ignore
    const drawn = moving(
      [3, 50].map((top) => ({ label: String(top), figure: map(top) })),
      { slider: "step" },
    );
    expect(drawn.data[0]).toMatchObject({ zmin: 0, zmax: 50 });
    for (const { data } of drawn.frames!) expect(Object.keys(data[0]!)).toEqual(["type", "z"]);
  });

  it("writes what stays once", () => {
    const valley = { x: [0, 1], y: [0, 1], values: [[0, 1], [2, 3]] }; // prettier-ignore
    const rolled = (end: number) =>
      heatMap(valley, { ...axes, value: { title: "loss" }, path: { name: "way", x: [0, end], y: [0, end] } });
    const drawn = moving(
      [0.5, 1].map((end) => ({ label: String(end), figure: rolled(end) })),
      { slider: "end" },
    );
    expect(drawn.data.map(({ type }) => type)).toEqual(["heatmap", "scatter"]);
    for (const { data, traces } of drawn.frames!)
      expect([data.map(({ type }) => type), traces]).toEqual([["scatter"], [1]]);
    // The map's outer edges, and nothing beyond.
    expect(drawn.layout).toMatchObject({ xaxis: { range: [-0.5, 1.5] }, yaxis: { range: [-0.5, 1.5] } });
  });

  it("writes in a frame what moves, and nothing that all steps have alike", () => {
    for (const { data } of moving(bowls(1, 2, 4), { slider: "curvature" }).frames!)
      expect(data.map((trace) => Object.keys(trace))).toEqual([["type", "y"]]);
    // Whiskers that one step lacks are written in all, and taken back there: they would stay from the step before.
    const dot = (value: number, errors?: readonly number[]) =>
      lines([{ name: "a", x: [0], y: [value], ...(errors && { errors }) }], axes);
    const steps = [dot(1, [1]), dot(2, [1]), dot(2)].map((figure, i) => ({ label: String(i), figure }));
    const [first, second, third] = moving(steps, { slider: "step" }).frames!.map(({ data }) => data[0]!);
    expect(first).toMatchObject({ y: [1], error_y: { array: [1] } });
    expect(second).toMatchObject({ y: [2], error_y: { array: [1] } });
    expect(third).toMatchObject({ y: [2], error_y: null });
  });

  it("keeps a caption below the slider", () => {
    const still = bowl(1, { caption: "What to see." });
    const drawn = moving(
      [1, 2].map((curvature) => ({
        label: String(curvature),
        figure: bowl(curvature, { caption: "What to see." }),
      })),
      { slider: "curvature" },
    );
    const shift = ({ layout }: Figure): number => (layout["annotations"] as { yshift: number }[])[0]!.yshift;
    const height = ({ layout }: Figure): number => layout["height"] as number;
    expect(shift(drawn)).toBe(shift(still) - (height(drawn) - height(still)));
    expect(height(drawn)).toBeGreaterThan(height(still) + 60);
  });

  it("refuses what would move beside the data, naming the step", () => {
    const two = (second: Figure) => () =>
      moving(
        [
          { label: "one", figure: bowl(1) },
          { label: "two", figure: second },
        ],
        { slider: "step" },
      );
    expect(two(bowl(1, { title: "Another bowl" }))).toThrow(/title and caption must be the same at all steps.*Another bowl.*at "two"/); // prettier-ignore
    expect(two(bowl(1, { caption: "Only here." }))).toThrow(/Only here\./);
    expect(two(lines([{ name: "a", y: [1] }, { name: "b", y: [1] }], axes))).toThrow(/same kinds of traces, scatter; got scatter, scatter at "two"/); // prettier-ignore
    expect(two(surface({ x: [0, 1], y: [0, 1], values: [[0, 1], [1, 2]] }, { ...axes, value: { title: "loss" } }))).toThrow(/two axes; got a trace of type surface at "two"/); // prettier-ignore
    expect(two(bowl(2, { y: { title: "loss", range: [0, 9] } }))).toThrow(/the y axis must have one range at all steps, or none; got another at "two"/); // prettier-ignore
    expect(two(bowl(1))).toThrow("steps that differ");
    expect(() => moving(bowls(1, 1), { slider: "curvature" })).toThrow(
      'a label of its own; got "c = 1" twice',
    );
    expect(() => moving(bowls(1), { slider: "curvature" })).toThrow("at least two steps; got 1");
    expect(() => moving(bowls(1, 2), { slider: " " })).toThrow("slider title");
    expect(() => moving(bowls(1, 2), { slider: "c", shown: "c = 3" })).toThrow("shown must be one of c = 1, c = 2"); // prettier-ignore
  });
});
