import { expect, test } from "vitest";
import type { GraphNode } from "./step-graph.js";
import { jupyterDisplay } from "../display/display.js";
import { stepDiagram } from "./step-diagram.js";

const graph: readonly GraphNode[] = [
  { name: "i0", operation: "_Arg", inputs: [] },
  { name: "forward/unit1/Const_1", operation: "Const", inputs: [] },
  { name: "forward/unit1/MatMul_1", operation: "MatMul", inputs: ["i0"] },
  { name: "forward/unit1/Relu_1", operation: "Relu", inputs: ["forward/unit1/MatMul_1"] },
  { name: "forward/unit2/Relu_1", operation: "Relu", inputs: ["forward/unit1/Relu_1", "forward/unit1/Const_1"] },
  { name: "o0_RetVal", operation: "_Retval", inputs: ["forward/unit2/Relu_1"] },
]; // prettier-ignore

const edgesOf = (dot: string) => dot.split("\n").filter((line) => line.includes("->")).length;

test("stepDiagram() draws each operation but constants, with the inputs of each", async () => {
  const { dot, svg, [jupyterDisplay]: display } = await stepDiagram(graph);
  expect(dot.match(/label=/g)).toHaveLength(5);
  expect(edgesOf(dot)).toBe(4);
  expect(svg).toContain("MatMul");
  expect(svg).not.toContain("Const");
  const shown = display();
  expect(shown["text/plain"]).toContain("5 operations: 2 Relu");
  // For notebooks that are not trusted the same picture as an image.
  const [, source, alt] = /^<img style="[^"]*" src="data:image\/svg\+xml,([^"]*)" alt="([^"]*)">$/.exec(
    String(shown["text/html"]),
  )!;
  expect(decodeURIComponent(source!)).toBe(svg);
  expect(alt).toBe(shown["text/plain"]);
});

test("stepDiagram() joins what stands in one scope", async () => {
  const { dot } = await stepDiagram(graph, { levels: 2 });
  expect(dot).toContain("forward/unit1\\n2 operations\\n1 MatMul, 1 Relu");
  expect(edgesOf(dot)).toBe(3);
  expect(edgesOf((await stepDiagram(graph, { levels: 1 })).dot)).toBe(2);
  await expect(async () => stepDiagram(graph, { levels: 0 })).rejects.toThrow(
    "levels must be a positive integer; got 0",
  );
});
