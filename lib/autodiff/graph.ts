// Draws a trace as a graph: what was computed from what, with values and gradients.
import { drawGraph, quoted, type Drawing } from "../plot/graph.js";
import { formatNumber } from "../display/numbers.js";
import { shapeText, type NdArray } from "./nd-array.js";
import type { Trace } from "./gradient.js";
import type { Value } from "./value.js";
import { norm } from "../numeric.js";
import { numberWithin, onlyKnown } from "../options.js";

/** What a drawing shows beside the operations. */
export interface GraphOptions {
  /** Gradients as `backward` gives them. Default: none are shown. */
  readonly gradients?: ReadonlyMap<Value, NdArray>;
  /** Up to how many numbers of an array are written out; of a longer one its Euclidean norm. Default: 6. */
  readonly numbers?: number;
}

const graphOptions = ["gradients", "numbers"] as const;

/**
 * A trace in Graphviz's language: one box a line, with its operation, shape, value and gradient.
 *
 * @example
 * ```ts
 * autodiff.toDot(autodiff.trace((x) => autodiff.exp(x), [autodiff.array([0, 1])])).split("\n")[0]; // "digraph tape {"
 * ```
 */
export function toDot({ tape, output }: Trace, options: GraphOptions = {}): string {
  onlyKnown("toDot", options, graphOptions);
  const { gradients } = options;
  const numbers = numberWithin("numbers", options.numbers ?? 6, 0, Infinity);
  const lines = tape.values.slice(0, output.line);
  const box = (value: Value): string => {
    const what = value.origin?.operation.operation ?? "input";
    const gradient = gradients?.get(value);
    const label = [
      value.name === undefined ? what : `${value.name}: ${what}`,
      `value ${arrayText(value, numbers)}`,
      ...(gradient ? [`gradient ${arrayText(gradient, numbers)}`] : []),
    ];
    const style = value.origin ? "" : ', style="rounded,filled", fillcolor="#e8eef7"';
    return `  v${value.line} [label=${quoted(label.join("\n"))}${style}];`;
  };
  const edges = lines.flatMap((value) =>
    (value.origin?.inputs ?? [])
      .filter(({ tape: on }) => on === tape)
      .map((input) => `  v${input.line} -> v${value.line};`),
  );
  return [
    "digraph tape {",
    '  bgcolor="white";',
    '  node [shape=box, style="rounded", fontsize=11, margin="0.16,0.06"];',
    ...lines.map(box),
    ...edges,
    "}",
  ].join("\n");
}

/**
 * Draws a trace by Graphviz, which is loaded at the first call.
 *
 * @example
 * ```ts
 * const drawn = await autodiff.draw(autodiff.trace((x) => autodiff.exp(x), [autodiff.array([0, 1])]));
 * drawn.svg.includes("<svg"); // true
 * ```
 */
export function draw(trace: Trace, options: GraphOptions = {}): Promise<Drawing> {
  onlyKnown("draw", options, graphOptions);
  const from = trace.inputs.map(({ name }, i) => name ?? `input ${i + 1}`).join(", ");
  return drawGraph(toDot(trace, options), `a graph of ${trace.output.line} lines, from ${from}`);
}

function arrayText({ shape, data }: NdArray, numbers: number): string {
  if (shape.length === 0) return formatNumber(data[0]!);
  if (data.length > numbers) return `${shapeText(shape)}, norm ${formatNumber(norm(data))}`;
  return `${shapeText(shape)}: ${Array.from(data, formatNumber).join(", ")}`;
}
