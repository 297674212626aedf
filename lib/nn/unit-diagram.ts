// Draws residual units as the papers do, from the units themselves: what is drawn is what runs.
import type { Architecture } from "./architecture.js";
import type { LayerRow, Shape } from "./layer.js";
import type { ResidualUnit } from "./unit.js";
import { drawGraph, quoted, type Drawing } from "../plot/graph.js";

/** A unit of a network, and what its picture is called. */
export interface DrawnUnit {
  readonly title: string;
  readonly architecture: Pick<Architecture, "name" | "inputShape" | "parts" | "units">;
  /** Its name in the network, such as `stage2.unit1`. Default: the first. */
  readonly unit?: string;
}

/**
 * Units side by side, each from its input at the top to its output: the layers of F(x), the shortcut beside them, the addition, and
 * what follows it. Layers and shapes are read from the network.
 *
 * @throws RangeError if nothing is to be drawn, or a network has no unit of that name.
 *
 * @example
 * ```ts
 * const architecture = nn.cifarArchitecture({ depth: 8 });
 * (await plot.unitDiagram([{ title: "the first unit", architecture }])).svg.includes("the first unit"); // true
 * ```
 */
export function unitDiagram(units: readonly DrawnUnit[]): Promise<Drawing> {
  if (units.length === 0) throw new RangeError("a diagram needs at least one unit; got none");
  const found = units.map((drawn) => ({ title: drawn.title, ...place(drawn) }));
  const dot = [
    "digraph units {",
    '  bgcolor="white"; nodesep=0.35; ranksep=0.28; fontsize=14;',
    '  node [shape=box, style="rounded,filled", fillcolor="white", fontsize=12, height=0.32, margin="0.14,0.05"];',
    "  edge [fontsize=11, arrowsize=0.7];",
    ...found.flatMap(({ title, unit, input }, i) => cluster(title, unit, input, `u${i}`)),
    "}",
  ].join("\n");
  return drawGraph(dot, found.map(({ title, unit, input }) => inWords(title, unit, input)).join("\n"));
}

/** The unit and the shape [H, W, C] that reaches it. */
function place({ architecture, unit: name }: DrawnUnit): { unit: ResidualUnit; input: Shape } {
  const wanted = name ?? architecture.units[0]?.name;
  const unit = architecture.units.find((one) => one.name === wanted)?.unit;
  if (!unit) {
    throw new RangeError(
      `a unit of ${architecture.name} is one of ${architecture.units.map((one) => one.name).join(", ") || "none"}; got ${String(wanted)}`,
    );
  }
  let input: Shape = architecture.inputShape;
  for (const [part, layer] of Object.entries(architecture.parts)) {
    if (part === wanted) break;
    input = layer.outputShape(input);
  }
  return { unit, input };
}

/** The rows of a unit by what they belong to. */
function partsOf(unit: ResidualUnit, input: Shape) {
  const rows = unit.rows(input);
  const under = (name: string) => rows.filter((row) => row.name === name || row.name.startsWith(`${name}.`));
  const named = (parts: Readonly<Record<string, unknown>>) => rows.filter(({ name }) => name in parts);
  return {
    residual: named(unit.residual.parts),
    shortcut: under("shortcut"),
    gate: under("gate"),
    after: named(unit.afterAddition.parts),
    output: unit.outputShape(input),
  };
}

const fills: readonly (readonly [RegExp, string])[] = [
  [/conv|dense/, "#DCEBF7"],
  [/relu|sigmoid/, "#FBE3D3"],
  [/norm/, "#F0F0F0"],
  [/identity|zero padding/, "#DDF1E4"],
];

const shapeText = (shape: Shape): string => shape.join("×");

/** `conv 3×3, 16 channels`, `batch norm`, `ReLU`. */
function layerText({ kind, outputShape }: LayerRow): string {
  const name = kind === "relu" ? "ReLU" : kind.replaceAll(/(\d)x(\d)/g, "$1×$2");
  return /conv|zero padding/.test(kind) ? `${name}, ${outputShape.at(-1)!} channels` : name;
}

function cluster(title: string, unit: ResidualUnit, input: Shape, id: string): string[] {
  const { residual, shortcut, gate, after, output } = partsOf(unit, input);
  const lines: string[] = [];
  const node = (name: string, label: string, extra = "") =>
    lines.push(`    ${id}_${name} [label=${quoted(label)}${extra}];`);
  const edge = (from: string, to: string, attributes = "") =>
    lines.push(`    ${id}_${from} -> ${id}_${to}${attributes && ` [${attributes}]`};`);
  /** Boxes one below the other, in a straight line where they have a group; the last one's name. */
  const chain = (from: string, rows: readonly LayerRow[], group?: string): string =>
    rows.reduce((before, row) => {
      const name = row.name.replaceAll(".", "_");
      const fill = fills.find(([kind]) => kind.test(row.kind))?.[1];
      node(
        name,
        layerText(row),
        `${fill ? `, fillcolor="${fill}"` : ""}${group ? `, group=${id}_${group}` : ""}`,
      );
      edge(before, name);
      return name;
    }, from);

  node("x", `x  ${shapeText(input)}`, ', shape=plaintext, style=""');
  const learned = chain("x", residual, "residual");
  let last = learned;
  if (unit.shortcut) {
    node("plus", "+", ", shape=circle, fixedsize=true, width=0.32, fontsize=16");
    edge(learned, "plus", 'headlabel="F(x)", labeldistance=2.4, labelangle=45');
    // A shortcut of the activated input begins where the first convolution does.
    const first = residual.findIndex(({ name }) => name === "conv1");
    const from = unit.shortcut.reads === "activated" && first > 0 ? residual[first - 1]!.name : "x";
    edge(chain(from, shortcut, "shortcut"), "plus");
    last = "plus";
    if (unit.gate) {
      const end = chain("x", gate);
      node("weight", unit.gate.kind, ', style="dashed", shape=box');
      if (gate.length > 0) edge(end, "weight");
      edge("weight", "plus", "style=dashed");
    }
  }
  last = chain(last, after);
  node("y", `y  ${shapeText(output)}`, ', shape=plaintext, style=""');
  edge(last, "y");
  return [
    `  subgraph cluster_${id} {`,
    `    label=${quoted(title)}; color="#C8C8C8"; style="rounded"; margin=14;`,
    ...lines,
    "  }",
  ];
}

/** The same in a sentence. */
function inWords(title: string, unit: ResidualUnit, input: Shape): string {
  const { residual, shortcut, after, output } = partsOf(unit, input);
  const list = (rows: readonly LayerRow[]) => rows.map(layerText).join(", ");
  const sum = unit.shortcut ? `; plus the shortcut (${list(shortcut)})` : "; no shortcut";
  const gated = unit.gate ? `, with ${unit.gate.kind}` : "";
  const then = after.length > 0 ? `; then ${list(after)}` : "";
  return `${title}: x ${shapeText(input)}; F(x) is ${list(residual)}${sum}${gated}${then}; y ${shapeText(output)}`;
}
