// Diagrams of units: what is drawn is what the unit is made of.
import { describe, expect, test } from "vitest";
import { cifarArchitecture, imageNetArchitecture, shortcutVariants } from "./index.js";
import { jupyterDisplay, unitDiagram } from "../namespaces/plot.js";

/** Edges of a drawing as `from -> to`, without the cluster's prefix. */
function edges(dot: string): string[] {
  return [...dot.matchAll(/u\d+_(\w+) -> u\d+_(\w+)/g)].map(([, from, to]) => `${from!} -> ${to!}`);
}

const basic = cifarArchitecture({ depth: 8 });

describe("unitDiagram()", () => {
  test("unitDiagram() draws Figure 2's block: two convolutions, the identity beside them, a ReLU after the addition", async () => {
    const {
      dot,
      svg,
      [jupyterDisplay]: display,
    } = await unitDiagram([{ title: "a block", architecture: basic }]);
    expect(edges(dot)).toEqual([
      "x -> conv1",
      "conv1 -> norm1",
      "norm1 -> relu1",
      "relu1 -> conv2",
      "conv2 -> norm2",
      "norm2 -> plus",
      "x -> shortcut",
      "shortcut -> plus",
      "plus -> relu2",
      "relu2 -> y",
    ]);
    expect(dot).toContain('label="conv 3×3, 16 channels"');
    expect(svg.startsWith("<svg ")).toBe(true);
    expect(svg).toMatch(/>[^<]*identity</);
    expect(display.call({})["text/plain"]).toBe(
      "a block: x 32×32×16; F(x) is conv 3×3, 16 channels, batch norm, ReLU, conv 3×3, 16 channels, batch norm; plus the shortcut (identity); then ReLU; y 32×32×16",
    );
  });

  test("unitDiagram() draws no shortcut and no addition in a plain unit", async () => {
    const plain = cifarArchitecture({ depth: 8, shortcut: "none" });
    const { dot } = await unitDiagram([{ title: "plain", architecture: plain }]);
    expect(edges(dot)).not.toContain("x -> shortcut");
    expect(edges(dot)).toContain("norm2 -> relu2");
  });

  test("unitDiagram() draws each kind of shortcut where dimensions grow, with the shape that reaches the unit", async () => {
    const { dot } = await unitDiagram(
      (["A", "B"] as const).map((shortcut) => ({
        title: shortcut,
        architecture: imageNetArchitecture({ depth: 50, shortcut: shortcut }),
        unit: "stage2.unit1",
      })),
    );
    expect(dot).toContain('label="x  56×56×256"');
    expect(dot).toContain('label="y  28×28×512"');
    expect(dot).toContain('label="conv 1×1/2, 128 channels"');
    expect(edges(dot)).toContain("shortcut -> plus");
    expect(edges(dot)).toContain("shortcut_norm -> plus");
  });

  test("unitDiagram() begins a shortcut of the activated input after norm and ReLU", async () => {
    const architecture = cifarArchitecture({ depth: 8, order: "preActivation", shortcut: "activated" });
    const { dot } = await unitDiagram([{ title: "pre-activation", architecture, unit: "stage2.unit1" }]);
    expect(edges(dot)).toContain("relu1 -> shortcut_conv");
    expect(edges(dot).at(-1)).toBe("plus -> y");
  });

  test("unitDiagram() draws a gate and what it is computed from", async () => {
    const architecture = cifarArchitecture({ depth: 8, ...shortcutVariants.exclusiveGating });
    const { dot } = await unitDiagram([{ title: "gated", architecture }]);
    expect(edges(dot)).toEqual(
      expect.arrayContaining(["x -> gate_conv", "gate_sigmoid -> weight", "weight -> plus"]),
    );
  });

  test("unitDiagram() names the units there are", () => {
    expect(() => unitDiagram([{ title: "?", architecture: basic, unit: "stage4.unit1" }])).toThrow(
      "a unit of resnet-8 (option A) is one of stage1.unit1, stage2.unit1, stage3.unit1; got stage4.unit1",
    );
    expect(() => unitDiagram([])).toThrow("at least one unit");
  });
});
