import { expect, test } from "vitest";
import { cifarArchitecture } from "./cifar.js";
import { summarise, Summary } from "./summary.js";

const architecture = cifarArchitecture({ depth: 8, shortcut: "B", inputShape: [32, 32, 3] });

test("summarise() prints an aligned table with totals", () => {
  expect(String(summarise(architecture))).toMatchInlineSnapshot(`
    "resnet-8 (option B), input 32x32x3
    name          layer                       output    parameters  multiply-adds
    ------------  --------------------------  --------  ----------  -------------
    stem          conv 3x3, batch norm, relu  32x32x16         464        442,368
    stage1.unit1  residual unit               32x32x16       4,672      4,718,592
    stage2.unit1  residual unit               16x16x32      14,528      3,670,016
    stage3.unit1  residual unit               8x8x64        57,728      3,670,016
    pool          global average pool         64                 0              0
    head          dense                       10               650            640
    ------------  --------------------------  --------  ----------  -------------
    total                                                   78,042     12,501,632"
  `);
});

test("summarise() adds up to the same totals in both details", () => {
  const parts = summarise(architecture);
  const layers = summarise(architecture, { detail: "layers" });
  expect(layers.parameters).toBe(parts.parameters);
  expect(layers.multiplyAdds).toBe(parts.multiplyAdds);
  expect(layers.rows.map(({ name }) => name).slice(0, 9)).toEqual([
    "stem.conv",
    "stem.norm",
    "stem.relu",
    "stage1.unit1.conv1",
    "stage1.unit1.norm1",
    "stage1.unit1.relu1",
    "stage1.unit1.conv2",
    "stage1.unit1.norm2",
    "stage1.unit1.shortcut",
  ]);
});

test("Summary shows itself in a notebook, with its text escaped", () => {
  const row = {
    name: "<b>&",
    kind: "conv",
    outputShape: [1],
    parameters: 1234567,
    multiplyAdds: 0,
    activations: 1,
    receptiveField: 1,
  };
  const summary = new Summary("<script>", [2, 2, 1], [row]);
  const bundle = (summary as unknown as Record<symbol, () => Record<string, string>>)[
    Symbol.for("Jupyter.display")
  ]!.call(summary);
  expect(bundle["text/plain"]).toBe(String(summary));
  expect(bundle["text/html"]).toContain(
    '<caption style="text-align:left">&lt;script&gt;, input 2x2x1</caption>',
  );
  expect(bundle["text/html"]).toContain('<td style="text-align:left">&lt;b&gt;&amp;</td>');
  expect(bundle["text/html"]).toContain('<td style="text-align:right">1,234,567</td>');
});
