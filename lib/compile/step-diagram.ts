// Draws the graph of a training step: each operation by itself, or a box for each scope.
import type { GraphNode } from "./step-graph.js";
import { onlyKnown } from "../options.js";
import { drawGraph, quoted, type Drawing } from "../plot/graph.js";

/** What a drawing of a step shows. */
export interface StepDiagramOptions {
  /** Operations within a common scope of so many levels become one box; each is drawn by itself by default. */
  readonly levels?: number;
}

/** Operations that are drawn as one box. */
interface Box {
  readonly id: string;
  readonly name: string;
  readonly operations: string[];
}

const fills: Readonly<Record<string, string>> = { _Arg: "#e8eef7", _Retval: "#fbe3d3" };

/**
 * The operations of a step (`runtime.stepGraph`) from its inputs at the top to its results. Constants are left out: they would be
 * half of the picture.
 *
 * @throws RangeError where `levels` is no positive integer
 *
 * @example
 * ```ts
 * const { recorded } = runtime.stepGraph((x) => tf.tidy(() => tf.sum(tf.square(x))), tf.tensor1d([1, 2]));
 * (await plot.stepDiagram(recorded)).dot.split(" ")[0]; // "digraph"
 * ```
 */
export function stepDiagram(graph: readonly GraphNode[], options: StepDiagramOptions = {}): Promise<Drawing> {
  onlyKnown("stepDiagram", options, ["levels"]);
  const { levels } = options;
  if (levels !== undefined && !(Number.isInteger(levels) && levels > 0))
    throw new RangeError(`levels must be a positive integer; got ${levels}`);
  const shown = graph.filter(({ operation }) => operation !== "Const");
  const boxes = new Map<string, Box>();
  const boxOf = new Map<string, Box>();
  for (const { name, operation } of shown) {
    const key = levels === undefined || operation in fills ? name : scopeOf(name, levels);
    const box = boxes.get(key) ?? { id: `n${boxes.size}`, name: key, operations: [] };
    box.operations.push(operation);
    boxes.set(key, box);
    boxOf.set(name, box);
  }
  const edges = new Set(
    shown.flatMap(({ name, inputs }) => {
      const to = boxOf.get(name)!;
      const from = inputs.map((input) => boxOf.get(input)).filter((box) => box && box !== to);
      return from.map((box) => `  ${box!.id} -> ${to.id};`);
    }),
  );
  const dot = [
    "digraph step {",
    '  bgcolor="white"; nodesep=0.25; ranksep=0.3;',
    '  node [shape=box, style="rounded,filled", fillcolor="white", fontsize=11];',
    "  edge [arrowsize=0.7];",
    ...[...boxes.values()].map(
      ({ id, name, operations }) =>
        `  ${id} [label=${quoted(labelOf(name, operations))}, fillcolor="${fills[operations[0]!] ?? "white"}"];`,
    ),
    ...edges,
    "}",
  ].join("\n");
  return drawGraph(dot, `a step of ${shown.length} operations: ${commonest(shown.map(({ operation }) => operation), 6)}`); // prettier-ignore
}

function scopeOf(name: string, levels: number): string {
  return name.split("/").slice(0, -1).slice(0, levels).join("/") || "(no scope)";
}

/** `MatMul`, `input x`, or for a box of several the scope, how many they are, and which are the most frequent. */
function labelOf(name: string, operations: readonly string[]): string {
  const [first, ...others] = operations;
  if (first === "_Arg") return `input ${name}`;
  if (first === "_Retval") return "output";
  if (others.length === 0) return first!;
  return `${name}\n${operations.length} operations\n${commonest(operations, 3)}`;
}

function commonest(operations: readonly string[], most: number): string {
  const counts = new Map<string, number>();
  for (const operation of operations) counts.set(operation, (counts.get(operation) ?? 0) + 1);
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  const listed = sorted.slice(0, most).map(([operation, count]) => `${count} ${operation}`);
  return [...listed, ...(sorted.length > most ? ["…"] : [])].join(", ");
}
